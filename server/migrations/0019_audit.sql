-- Who changed what around the conversations: people, channels, apps, rules, tokens. Written by the tables themselves, so that no way of changing them is
-- forgotten, in the transaction of the change. Entries are chained a moment later (server/src/audit/chain.ts): the change never waits for the chain.

create table audit (
  company_id bigint not null,
  id         bigint generated always as identity,
  at         timestamptz not null default clock_timestamp(),
  actor      jsonb,           -- {"kind", "id", "address", "browser"}; null: Causeway itself
  noun       text not null,
  verb       text not null,
  target     text not null,   -- the row's own id, as the table has it
  before     jsonb,           -- an update: only what changed; secrets are named and never shown
  after      jsonb,
  position   bigint,          -- place in the company's chain; null until it is chained
  hash       bytea,           -- SHA-256 over the hash before it and this entry
  primary key (company_id, id)
);
create unique index audit_chain on audit (company_id, position) where position is not null;
create index audit_unchained on audit (company_id, id) where position is null;
create index audit_target on audit (company_id, noun, target, id);

-- Arguments: the noun, the column with the row's id, columns that are nobody's business (comma-separated).
create function audit_change() returns trigger language plpgsql as $$
declare
  hidden  text[] := string_to_array(coalesce(tg_argv[2], ''), ',') || '{company_id,created_at,updated_at}';
  before  jsonb := case when tg_op = 'INSERT' then null else to_jsonb(old) - hidden end;
  after   jsonb := case when tg_op = 'DELETE' then null else to_jsonb(new) - hidden end;
  whole   jsonb := case when tg_op = 'DELETE' then to_jsonb(old) else to_jsonb(new) end;
  changed text[];
begin
  if tg_op = 'UPDATE' then
    select coalesce(array_agg(key), '{}') into changed from jsonb_each(after) entry where before -> key is distinct from value;
    if cardinality(changed) = 0 then return null; end if;
    select jsonb_object_agg(key, value) into before from jsonb_each(before) where key = any(changed);
    select jsonb_object_agg(key, value) into after from jsonb_each(after) where key = any(changed);
  end if;
  insert into audit (company_id, actor, noun, verb, target, before, after) values (
    case when tg_table_name = 'company' then (whole ->> 'id')::bigint else (whole ->> 'company_id')::bigint end,
    nullif(current_setting('causeway.actor', true), '')::jsonb,
    tg_argv[0],
    case tg_op when 'INSERT' then 'created' when 'DELETE' then 'deleted' else 'changed' end,
    whole ->> tg_argv[1],
    audit_shown(before),
    audit_shown(after));
  return null;
end $$;

-- What is sealed or hashed is said to be there, no more.
create function audit_shown(entry jsonb) returns jsonb language sql immutable as $$
  select jsonb_object_agg(key, case when key ~ '(_sealed|_hash)$' and value <> 'null' then '"(secret)"' else value end) from jsonb_each(entry)
$$;

create trigger audit after insert or delete or update of name on company
  for each row execute function audit_change('company', 'id');
create trigger audit after insert or delete or update of email, username, first_name, last_name, role, is_developer, is_available, is_blocked, custom_fields on teammate
  for each row execute function audit_change('teammate', 'id', 'identity_id');
create trigger audit after insert or delete or update of used_at on invitation
  for each row execute function audit_change('invitation', 'id');
create trigger audit after insert or delete or update of name, scopes, revoked_at on api_token
  for each row execute function audit_change('api_token', 'id', 'last_used_at');
create trigger audit after insert or delete or update of name, is_public, is_private, team_id, teammate_id, custom_fields on inbox
  for each row execute function audit_change('inbox', 'id');
create trigger audit after insert or delete on inbox_teammate for each row execute function audit_change('inbox_teammate', 'inbox_id');
create trigger audit after insert or delete or update of name on team for each row execute function audit_change('team', 'id');
create trigger audit after insert or delete on team_teammate for each row execute function audit_change('team_teammate', 'team_id');
create trigger audit after insert or delete or update of name, secret_sealed, old_secret_until, signs_with_old, webhook_url, server_auth, server_auth_sealed, contact_type, composer, features, strict, deleted_at on app
  for each row execute function audit_change('app', 'uid');
create trigger audit after insert or delete or update of inbox_id, name, address, webhook_url, credentials_sealed, contact_type, status, undo_send_time, all_teammates_can_reply, auto_assign, reply_mode, compose_mode, is_private, deleted_at on channel
  for each row execute function audit_change('channel', 'id', 'tokens_sealed,tokens_at,tokens_until,tokens_due_at,tokens_claimed_until,tokens_renewable,tokens_refused,status_at');
create trigger audit after insert or delete or update of name, position, is_enabled, match, conditions, actions, stops on rule
  for each row execute function audit_change('rule', 'id', 'since_position');
create trigger audit after insert or delete or update of url, bearer_sealed, event_types, payload, state on webhook
  for each row execute function audit_change('webhook', 'id', 'position,failures,state_at,failing_since,due_at,lease_token,leased_until');
create trigger audit after insert or delete or update of name, secret_hash, redirect_uris, scopes, rotates_refresh_tokens, deleted_at on oauth_client
  for each row execute function audit_change('oauth_client', 'id');
create trigger audit after insert or delete on custom_field for each row execute function audit_change('custom_field', 'id');
create trigger audit after insert or delete or update on shift for each row execute function audit_change('shift', 'id');
create trigger audit after insert or delete or update on rate_limit for each row execute function audit_change('rate_limit', 'company_id');
