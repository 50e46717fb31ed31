-- Other ways to sign in than a password: passkeys, and an identity provider. They belong to a person (identity_user), not to a company.

create table identity_passkey (
  id           text primary key,                -- the credential's, base64url
  identity_id  text not null references identity_user (id) on delete cascade,
  public_key   bytea not null,                  -- COSE
  counter      bigint not null,                 -- what the authenticator said last; 0 for ever where it does not count
  transports   text[] not null,
  name         text not null,
  created_at   timestamptz not null default now(),
  last_used_at timestamptz
);
create index identity_passkey_identity on identity_passkey (identity_id);

-- A way in that is under way: what its second half must fit. The browser holds the token in a cookie; used once.
create table sign_in_step (
  token_hash bytea primary key,                 -- SHA-256
  kind       text not null check (kind in ('passkey_new', 'passkey', 'provider')),
  details    jsonb not null,
  expires_at timestamptz not null               -- wall clock
);
create index sign_in_step_expires on sign_in_step (expires_at);

-- Somebody at the provider is one person here.
create unique index identity_account_person on identity_account ("providerId", "accountId");
