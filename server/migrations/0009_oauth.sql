-- OAuth for integrations, and how many requests a company may make.

-- Global, because an integration names it before anybody knows the company. The id outside is oac_….
create table oauth_client (
  id                     bigint primary key,
  company_id             bigint not null,
  name                   text not null,
  secret_hash            bytea not null,  -- SHA-256; the secret is shown once and kept nowhere
  redirect_uris          text[] not null, -- compared as whole strings
  scopes                 text[] not null,
  rotates_refresh_tokens boolean not null default false,
  created_at             timestamptz not null default now(),
  deleted_at             timestamptz
);
create index oauth_client_company on oauth_client (company_id, id) where deleted_at is null;

-- What one admin agreed to: every code and token belongs to a grant and ends with it.
create table oauth_grant (
  company_id   bigint not null,
  id           bigint not null,
  client_id    bigint not null,
  teammate_id  bigint not null,
  scopes       text[] not null,
  created_at   timestamptz not null default now(),
  last_used_at timestamptz,
  revoked_at   timestamptz,
  primary key (company_id, id)
);
create index oauth_grant_client on oauth_grant (company_id, client_id, id desc) where revoked_at is null;

-- Global like api_token: the hash is all that a request brings. 'code' rows know how they were asked for.
create table oauth_secret (
  hash           bytea primary key,       -- SHA-256
  company_id     bigint not null,
  grant_id       bigint not null,
  kind           text not null check (kind in ('code', 'access', 'refresh')),
  redirect_uri   text,                    -- code: what the request named; null where it named none
  code_challenge text,                    -- code: PKCE, S256
  created_at     timestamptz not null default now(),
  expires_at     timestamptz not null,
  used_at        timestamptz              -- code: exchanged; refresh: replaced by the next one
);
create index oauth_secret_grant on oauth_secret (company_id, grant_id, expires_at);

-- A row only where an admin chose other limits than the server's.
create table rate_limit (
  company_id              bigint primary key,
  per_minute              int,
  partner_per_minute      int,
  per_resource_per_second int
);
