-- What teammates write among themselves and before they send: comments, drafts, signatures; and when a message was seen.
--
-- attachment.message_id names what a file belongs to: a message, a draft (the message that it becomes keeps its id) or a comment. Their ids come from
-- one sequence, so none is another's.

create table comment (
  company_id      bigint not null,
  id              bigint not null,
  conversation_id bigint not null,
  author_id       bigint,                 -- teammate; null: written by bot
  bot             jsonb,                  -- {type, id, name}: the credential that wrote it, when no teammate did
  created_by      text not null,          -- the credential, e.g. tok_4f: only the same one may change the text
  body            text not null,          -- markdown, as it was written
  html            text not null,          -- sanitised, what is shown
  text            text not null,
  mentions        bigint[] not null default '{}', -- teammates that body names, in its order
  reply_to_id     bigint,                 -- the comment this one answers
  is_pinned       boolean not null default false,
  version         bigint not null default 1,
  posted_at       timestamptz not null default now(),
  edited_at       timestamptz,
  primary key (company_id, id)
);
create index comment_conversation on comment (company_id, conversation_id, id);

-- A draft is not a message yet: it has no place in its conversation and moves no list. Sending it makes a message with its id and uid.
create table draft (
  company_id      bigint not null,
  id              bigint not null,
  uid             text collate "C" not null,
  conversation_id bigint not null,
  starts_conversation boolean not null default false, -- the conversation is there once the draft is shared or sent
  channel_id      bigint not null,
  origin          text not null check (origin in ('teammate', 'api', 'channel')), -- who may see it while it is private
  author_id       bigint,                 -- teammate
  mode            text not null check (mode in ('private', 'shared')),
  sender_name     text,
  subject         text not null default '',
  body            text not null,          -- sanitised HTML
  body_source     text,                   -- as it came, when it differs from body
  text            text not null,
  blurb           text not null,
  to_handles      text[],                 -- null: whom the conversation is with
  cc_handles      text[] not null default '{}',
  bcc_handles     text[] not null default '{}',
  signature_id    bigint,
  reply_to_id     bigint,
  version         bigint not null default 1,
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now(),
  primary key (company_id, id)
);
create unique index draft_uid on draft (company_id, uid);
create index draft_conversation on draft (company_id, conversation_id, id);
create index draft_author on draft (company_id, author_id, id) where author_id is not null;

-- The first time anybody saw a message. Channels do not say who it was.
create table message_seen (
  company_id    bigint not null,
  message_id    bigint not null,
  first_seen_at timestamptz not null default now(),
  primary key (company_id, message_id)
);

create table signature (
  company_id  bigint not null,
  id          bigint not null,
  owner_kind  text not null check (owner_kind in ('team', 'teammate')),
  owner_id    bigint not null,
  name        text,
  body        text not null,              -- sanitised HTML
  sender_info text,
  is_default  boolean not null default false,
  is_visible_for_all_teammate_channels boolean not null default false,
  channel_ids bigint[],                   -- null: in all channels
  created_at  timestamptz not null default now(),
  updated_at  timestamptz not null default now(),
  primary key (company_id, id)
);
create index signature_owner on signature (company_id, owner_kind, owner_id, id);
create unique index signature_default on signature (company_id, owner_kind, owner_id) where is_default;

-- One event by its id, and the events of a type. Both grow at their right edge.
create unique index event_id on event (company_id, id);
create index event_type on event (company_id, type, position desc) where is_public;
