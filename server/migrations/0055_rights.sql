-- The server need not own what it works with: see server/src/database/rights.ts. What only an owner may do is here, each as a function that does that and nothing else.

-- Entries of the audit log that are chained stay as they are, for everybody but the owner; the others get their place in the chain and nothing else.
alter table audit enable row level security;
create policy audit_read on audit for select using (true);
create policy audit_add on audit for insert with check (position is null and hash is null);
create policy audit_chain on audit for update using (position is null) with check (position is not null and hash is not null);

-- Counts the rows of one table by the columns that its indexes are made of.
create function count_rows(counted text) returns void language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  columns text := (select string_agg(distinct quote_ident(attname), ', ') from pg_index join pg_attribute on attrelid = indrelid and attnum = any(indkey)
                   where indrelid = format('public.%I', counted)::regclass);
begin
  execute format('analyze public.%I (%s)', counted, columns);
end $$;

-- Merges what messages have put beside the indexes of their words.
create function merge_words(merged text) returns void language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  select gin_clean_pending_list(format('public.%I', merged)::regclass)
$$;
