-- Says how many pages it merged: none, when nothing was beside the index.
drop function merge_words(text);
create function merge_words(merged text) returns bigint language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  select gin_clean_pending_list(format('public.%I', merged)::regclass)
$$;
