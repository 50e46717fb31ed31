-- Connecting a channel with its app's own sign-in: the tokens it gives, and people who are on their way there and back.

-- {accessToken, refreshToken}, sealed: what the app's token endpoint gave this channel.
alter table channel add column tokens_sealed bytea;
alter table channel add column tokens_at timestamptz;        -- when they were given; these three are on the wall clock
alter table channel add column tokens_until timestamptz;     -- when the access token ends; null: nobody said
alter table channel add column tokens_due_at timestamptz;    -- when they are to be renewed; null: never by itself
alter table channel add column tokens_claimed_until timestamptz not null default '-infinity'; -- one process renews them, until then
alter table channel add column tokens_renewable boolean not null default false; -- by a refresh token, or by what the person typed
-- The partner refused the token, so the channel is offline until it has another.
alter table channel add column tokens_refused boolean not null default false;
-- Whose account at the partner it is, as introspection said; a later sign-in must name the same.
alter table channel add column resource_owner_id text;
create index channel_tokens_due on channel (tokens_due_at) where tokens_due_at is not null and deleted_at is null;

-- A person who was sent to a partner's sign-in page and may come back once. Global: the state finds the company.
create table channel_sign_in (
  state_hash   bytea primary key,     -- SHA-256 of the state; the state itself is in the person's browser and nowhere else
  company_id   bigint not null,
  channel_id   bigint not null,
  teammate_id  bigint,                -- whose session has to come back; null: an API token began it, and whoever holds the state may end it
  redirect_uri text not null,         -- as it was sent: the token request repeats it
  address      text,                  -- the one chosen among those of the account
  return_to    text,                  -- the page of ours that is shown afterwards
  expires_at   timestamptz not null
);
create index channel_sign_in_expiry on channel_sign_in (expires_at);
