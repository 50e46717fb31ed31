-- Companies, channels, conversations, messages and their deliveries.
--
-- Conventions: company_id leads every key but those of the global reference tables that find the company (app, api_token, identity_*).
-- Ids are numbers here and prefix_base36 outside; they come in blocks from one sequence, so a batch can name its rows before it writes them.
-- There are no foreign keys: rows are only ever written by the folder that owns the table, in one transaction with what they point at.

create sequence object_id_block start with 1000 increment by 1;

create table installation (
  key   text primary key,
  value text not null
);

create table company (
  id         bigint primary key,
  name       text not null,
  created_at timestamptz not null default now()
);

-- The feed's counter: incremented by the last statement of every transaction that tells the browsers something.
create table company_feed (
  company_id bigint primary key,
  position   bigint not null default 0
) with (fillfactor = 50);

create table teammate (
  company_id   bigint not null,
  id           bigint not null,
  identity_id  text,
  email        text not null,
  username     text not null,
  first_name   text not null,
  last_name    text not null,
  role         text not null default 'teammate' check (role in ('admin', 'teammate', 'observer')),
  is_developer boolean not null default false,
  is_available boolean not null default true,
  is_blocked   boolean not null default false,
  created_at   timestamptz not null default now(),
  primary key (company_id, id)
);
create unique index teammate_email on teammate (company_id, lower(email));
create index teammate_identity on teammate (identity_id);

create table api_token (
  token_hash   bytea primary key, -- SHA-256 of the token; the token itself is shown once and kept nowhere
  company_id   bigint not null,
  id           bigint not null,
  name         text not null,
  scopes       text[] not null,
  created_at   timestamptz not null default now(),
  last_used_at timestamptz,
  revoked_at   timestamptz
);
create unique index api_token_id on api_token (company_id, id);

create table inbox (
  company_id bigint not null,
  id         bigint not null,
  name       text not null,
  is_private boolean not null default false,
  is_public  boolean not null default true,
  created_at timestamptz not null default now(),
  primary key (company_id, id)
);

-- An app is a channel type. Its uid is all digits without a leading zero: clients put it into a JWT as a number or as a string.
create table app (
  uid                 text primary key check (uid ~ '^[1-9][0-9]{0,14}$'),
  company_id          bigint not null,
  name                text not null,
  secret_sealed       bytea not null,
  old_secret_sealed   bytea,            -- verifies tokens until old_secret_until
  old_secret_until    timestamptz,
  signs_with_old      boolean not null default false,
  webhook_url         text not null,
  server_auth         jsonb not null default '{"type":"none"}', -- public half: type, grant, URLs
  server_auth_sealed  bytea,            -- secret half: client_id, client_secret
  contact_type        text not null default 'custom' check (contact_type in ('custom', 'email', 'phone')),
  composer            text not null default 'basic' check (composer in ('basic', 'advanced')),
  features            text[] not null default '{compose,reply,attachments}',
  strict              boolean not null default false,
  created_at          timestamptz not null default now(),
  deleted_at          timestamptz
);
create index app_company on app (company_id, created_at);

create table channel (
  company_id          bigint not null,
  id                  bigint not null,
  inbox_id            bigint not null,
  app_uid             text,             -- null: a custom channel without an app
  name                text not null,
  address             text not null,    -- the "from" handle of what we send
  webhook_url         text,             -- the instance URL that authorization answered; null: the app's URL
  credentials_sealed  bytea,            -- what the connecting person typed (JSON)
  contact_type        text not null default 'custom' check (contact_type in ('custom', 'email', 'phone')),
  status              text not null default 'ok' check (status in ('ok', 'offline')),
  status_reason       text,
  status_at           timestamptz not null default now(),
  undo_send_time      int not null default 0 check (undo_send_time in (0, 5, 10, 15, 30, 60)), -- seconds
  all_teammates_can_reply boolean not null default true,
  auto_assign         boolean not null default true,
  reply_mode          text not null default 'same_channel' check (reply_mode in ('same_channel', 'unsupported')),
  compose_mode        text not null default 'normal' check (compose_mode in ('normal', 'unsupported')),
  is_private          boolean not null default false,
  created_at          timestamptz not null default now(),
  deleted_at          timestamptz,
  primary key (company_id, id)
);
create index channel_inbox on channel (company_id, inbox_id) where deleted_at is null;
create unique index channel_address on channel (company_id, app_uid, address) where deleted_at is null and app_uid is not null;

create table contact (
  company_id  bigint not null,
  id          bigint not null,
  name        text,
  description text not null default '',
  created_at  timestamptz not null default now(),
  updated_at  timestamptz not null default now(),
  primary key (company_id, id)
);

-- One (source, handle) belongs to one contact of a company.
create table contact_handle (
  company_id bigint not null,
  source     text not null,
  handle     text collate "C" not null,
  contact_id bigint not null,
  created_at timestamptz not null default now(),
  primary key (company_id, source, handle)
);
create index contact_handle_contact on contact_handle (company_id, contact_id);

create table conversation (
  company_id      bigint not null,
  id              bigint not null,
  inbox_id        bigint not null,
  channel_id      bigint not null,       -- where a reply goes unless it says otherwise
  contact_id      bigint,
  subject         text not null default '',
  status          text not null default 'open' check (status in ('open', 'archived', 'deleted', 'spam')),
  assignee_id     bigint,
  recipient       jsonb,                 -- {handle, name, role}: usually the last inbound sender
  -- the list row, denormalised
  preview         text not null default '',
  preview_direction text not null default 'inbound',
  failed_count    int not null default 0, -- replies whose last state is failed or unknown
  last_message_id bigint,
  last_number     int not null default 0, -- counts messages: message.number comes from here under this row's lock
  last_send       int not null default 0, -- counts deliveries of the sends sequence
  last_notice     int not null default 0, -- counts deliveries of the notices sequence
  waiting_since   timestamptz,            -- oldest unanswered inbound message
  activity_at     timestamptz not null default now(), -- the list is ordered by it
  version         bigint not null default 1, -- grows with every change: an older copy never replaces a newer one in a browser
  merged_into     bigint,
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now(),
  primary key (company_id, id)
) with (fillfactor = 80);
create index conversation_list on conversation (company_id, status, activity_at desc, id desc) where merged_into is null;

create index conversation_failed on conversation (company_id, activity_at desc, id desc) where failed_count > 0 and merged_into is null;

-- Every key that ever led to a conversation: external_conversation_id and thread_ref share kind 'ref'; a message without any threads by 'sender'.
create table thread_key (
  company_id      bigint not null,
  channel_id      bigint not null,
  kind            text not null check (kind in ('ref', 'sender')),
  key             text collate "C" not null,
  conversation_id bigint not null,
  id              bigint not null,       -- order in which the keys came
  primary key (company_id, channel_id, kind, key)
);
create index thread_key_conversation on thread_key (company_id, conversation_id, id);

create table message (
  company_id       bigint not null,
  id               bigint not null,
  conversation_id  bigint not null,
  channel_id       bigint not null,
  number           int not null,          -- order within the conversation = commit order
  uid              text collate "C" not null,
  direction        text not null check (direction in ('inbound', 'outbound')),
  origin           text not null check (origin in ('partner', 'teammate', 'api', 'auto_reply')), -- partner: came over the Channel API
  author_id        bigint,                -- teammate
  sender_name      text,
  subject          text not null default '',
  body             text not null,         -- sanitised HTML, what is shown
  body_source      text,                  -- byte for byte what came in, when it differs from body
  text             text not null,
  blurb            text not null,
  recipients       jsonb not null,        -- [{role, handle, name}], from first
  external_id      text,                  -- the partner's id: what it gave, or what it answered
  external_conversation_id text,          -- the thread key that the message came with
  reply_to_id      bigint,                -- the message this one answers or refers to
  headers          jsonb not null default '{}',
  client_key       text,                  -- Idempotency-Key of the caller who sent this reply
  created_at       timestamptz not null,  -- shown time: delivered_at where the partner gave one
  accepted_at      timestamptz not null default now(),
  -- replies only; the states are told in server/src/delivery/next-step.ts
  state            text check (state in ('held', 'queued', 'sending', 'waiting', 'sent', 'failed', 'unknown', 'undone')),
  state_at         timestamptz,
  due_at           timestamptz,           -- held: when undo ends; waiting: when the next try may leave
  error_code       text,
  error_reason     text,                  -- the partner's own words, or ours where it gave none
  version          bigint not null default 1,
  primary key (company_id, id)
);
create unique index message_uid on message (company_id, uid);
create unique index message_client_key on message (company_id, client_key) where client_key is not null;
create index message_conversation on message (company_id, conversation_id, created_at desc, number desc);

create index message_failed on message (company_id, conversation_id) where state in ('failed', 'unknown');

-- Once per (channel, external_id), for ever: the repeat gets the first answer. Ids that partners return live in the same space.
create table external_message_id (
  company_id  bigint not null,
  channel_id  bigint not null,
  external_id text collate "C" not null,
  message_id  bigint not null,
  primary key (company_id, channel_id, external_id)
);
create index external_message_id_message on external_message_id (company_id, message_id);

create table attachment (
  company_id   bigint not null,
  id           bigint not null,
  message_id   bigint not null,
  position     int not null,
  filename     text not null,
  content_type text not null,
  size         bigint not null,          -- bytes
  sha256       bytea not null,           -- the file's name in the store
  is_inline    boolean not null default false,
  cid          text,
  primary key (company_id, id)
);
create index attachment_message on attachment (company_id, message_id, position);

-- The feed: append-only, read by position. What the vendor's GET /events shows has is_public.
create table event (
  company_id      bigint not null,
  position        bigint not null,
  id              bigint not null,
  type            text not null,
  is_public       boolean not null default true,
  conversation_id bigint,
  message_id      bigint,
  source          jsonb not null default '{}',
  target          jsonb,
  emitted_at      timestamptz not null default now(),
  primary key (company_id, position)
);
create index event_conversation on event (company_id, conversation_id, position desc) where is_public;

-- A channel's queue. due_at is the earliest work in it (infinity: none); a worker leases the row before it claims anything.
create table lane (
  company_id   bigint not null,
  channel_id   bigint not null,
  due_at       timestamptz not null default 'infinity', -- schedule clock
  cap          int not null default 2,                  -- deliveries in flight
  lease_token  bigint not null default 0,               -- grows with every lease: the fence
  leased_by    text,
  leased_until timestamptz not null default '-infinity', -- wall clock
  primary key (company_id, channel_id)
) with (fillfactor = 50);
create index lane_due on lane (due_at);
create index lane_leased on lane (leased_until) where leased_by is not null;

-- What is to be told to a partner. Order: per conversation two sequences, sends and notices, each in the order of `number`.
create table delivery (
  company_id      bigint not null,
  id              bigint not null,
  channel_id      bigint not null,
  conversation_id bigint,
  message_id      bigint,
  sequence        text not null check (sequence in ('send', 'notice', 'control')),
  type            text not null check (type in ('authorization', 'message', 'message_autoreply', 'message_imported', 'delete')),
  number          int,                    -- place in its conversation's sequence; null while held
  ready           boolean not null default false, -- nothing unfinished stands before it in its sequence
  stepped_aside   boolean not null default false, -- a failing notice that no longer blocks the ones after it
  state           text not null check (state in ('held', 'queued', 'sending', 'waiting', 'sent', 'failed', 'unknown', 'cancelled')),
  due_at          timestamptz not null,   -- schedule clock
  waiting_reason  text,
  attempts        int not null default 0, -- attempts started
  first_started_at timestamptz,           -- schedule clock
  lease_token     bigint,                 -- of the lease under which the running attempt started
  error_code      text,
  error_reason    text,
  replay_of       bigint,
  created_at      timestamptz not null default now(),
  finished_at     timestamptz,
  primary key (company_id, id)
) with (fillfactor = 80);
-- claimed from here: walks one channel's ready work
create index delivery_ready_send on delivery (company_id, channel_id, due_at) where ready and state in ('queued', 'waiting') and sequence = 'send';
create index delivery_ready_notice on delivery (company_id, channel_id, due_at) where ready and state in ('queued', 'waiting') and sequence <> 'send';
-- who stands before whom
create index delivery_open on delivery (company_id, conversation_id, sequence, number) where state in ('held', 'queued', 'waiting', 'sending');
create index delivery_sending on delivery (company_id, channel_id) where state = 'sending';
create index delivery_held on delivery (due_at) where state = 'held';
create index delivery_message on delivery (company_id, message_id);
create index delivery_log on delivery (company_id, channel_id, id desc);

-- One try. Request and response are kept as sent and received (8 KiB of the response).
create table attempt (
  company_id       bigint not null,
  delivery_id      bigint not null,
  number           int not null,
  started_at       timestamptz not null default clock_timestamp(), -- wall clock
  finished_at      timestamptz,
  request_method   text,
  request_url      text,
  request_headers  jsonb,                 -- without credentials
  request_body     text,                  -- the signed bytes
  response_status  int,
  response_headers jsonb,
  response_body    text,
  timing           jsonb,                 -- ms by phase: dns, connect, tls, sent, first_byte, total
  outcome          text,                  -- answered, refused_connection, timeout …: delivery/attempt.ts
  decision         text,                  -- what next-step made of it
  warnings         text[] not null default '{}',
  primary key (company_id, delivery_id, number)
);

-- Sign-in (Better Auth's tables, prefixed and frozen).
create table identity_user (
  id               text primary key,
  name             text not null,
  email            text not null unique,
  "emailVerified"  boolean not null default false,
  image            text,
  "createdAt"      timestamptz not null default now(),
  "updatedAt"      timestamptz not null default now()
);
create table identity_session (
  id          text primary key,
  "expiresAt" timestamptz not null,
  token       text not null unique,
  "createdAt" timestamptz not null default now(),
  "updatedAt" timestamptz not null default now(),
  "ipAddress" text,
  "userAgent" text,
  "userId"    text not null references identity_user (id) on delete cascade
);
create index identity_session_user on identity_session ("userId");
create table identity_account (
  id                      text primary key,
  "accountId"             text not null,
  "providerId"            text not null,
  "userId"                text not null references identity_user (id) on delete cascade,
  "accessToken"           text,
  "refreshToken"          text,
  "idToken"               text,
  "accessTokenExpiresAt"  timestamptz,
  "refreshTokenExpiresAt" timestamptz,
  scope                   text,
  password                text,
  "createdAt"             timestamptz not null default now(),
  "updatedAt"             timestamptz not null default now()
);
create index identity_account_user on identity_account ("userId");
create table identity_verification (
  id          text primary key,
  identifier  text not null,
  value       text not null,
  "expiresAt" timestamptz not null,
  "createdAt" timestamptz not null default now(),
  "updatedAt" timestamptz not null default now()
);
create index identity_verification_identifier on identity_verification (identifier);
