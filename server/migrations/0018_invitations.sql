-- Links that let somebody in once: to become a teammate, or to choose a new password.

create table invitation (
  company_id   bigint not null,
  id           bigint not null,
  token_hash   bytea not null,         -- SHA-256 of the token; the link itself is shown once and kept nowhere
  email        text not null,
  role         text not null default 'teammate' check (role in ('admin', 'teammate', 'observer')),
  is_developer boolean not null default false,
  inbox_ids    bigint[] not null default '{}', -- inboxes that are not open to everybody
  teammate_id  bigint,                 -- set: a password reset of this teammate
  invited_by   bigint,                 -- teammate; null: an API token
  created_at   timestamptz not null default now(),
  expires_at   timestamptz not null,   -- wall clock
  used_at      timestamptz,
  primary key (company_id, id)
);
create unique index invitation_token on invitation (token_hash);
create unique index invitation_email on invitation (company_id, lower(email)) where used_at is null and teammate_id is null;
