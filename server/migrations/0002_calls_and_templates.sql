-- Calls, and the templates that partners keep with their providers.

-- The vendor's Message.type. A call stands in its conversation as a message of type 'call', so that order, preview and links are one thing for both.
alter table message add column type text not null default 'custom';
create index message_calls on message (company_id, conversation_id, created_at) where type = 'call';

-- 'call': a call's id, and the id of the call it was transferred from. A key space of its own: call ids say nothing about external_conversation_id.
alter table thread_key drop constraint thread_key_kind_check;
alter table thread_key add constraint thread_key_kind_check check (kind in ('ref', 'sender', 'call'));

-- One leg of a call. It has its message's number; the conversation is the message's.
create table call (
  company_id         bigint not null,
  id                 bigint not null,
  channel_id         bigint not null,
  external_id        text collate "C" not null,
  parent_external_id text collate "C",        -- the leg it was transferred from; null: the first one
  direction          text not null check (direction in ('inbound', 'outbound')),
  status             text not null check (status in ('queued', 'ringing', 'connected', 'hold', 'hangup', 'abandoned', 'missed', 'transferred')),
  handle             text not null,           -- the person outside, normalised
  name               text,
  agent_email        text,                    -- as the partner last named them; a teammate may have it
  started_at         timestamptz not null,
  connected_at       timestamptz,             -- first answered
  ended_at           timestamptz,
  summary            text,
  transcript         jsonb,                   -- [{speaker_name, content, start_time_seconds, speaker_type}], whole: it is always read whole
  created_at         timestamptz not null default now(),
  primary key (company_id, id)
);
create unique index call_external_id on call (company_id, channel_id, external_id);

-- What became of a call, in the order it was told. 'resumed' is the end of a hold: the call is connected again.
create table call_step (
  company_id  bigint not null,
  call_id     bigint not null,
  number      int not null,
  status      text not null check (status in ('queued', 'ringing', 'connected', 'hold', 'resumed', 'hangup', 'abandoned', 'missed', 'transferred')),
  occurred_at timestamptz not null,
  agent_email text,
  primary key (company_id, call_id, number)
);

-- The file itself is an attachment of the call's message.
create table call_recording (
  company_id    bigint not null,
  call_id       bigint not null,
  attachment_id bigint not null,
  type          text not null check (type in ('call', 'voicemail')),
  created_at    timestamptz not null default now(),
  primary key (company_id, call_id, attachment_id)
);

create table channel_template (
  company_id        bigint not null,
  id                bigint not null,
  channel_id        bigint not null,
  external_id       text collate "C" not null,
  name              text not null,
  blurb             text not null,
  is_disabled       boolean not null,
  status            text not null check (status in ('PENDING', 'APPROVED', 'REJECTED')),
  variable_mappings jsonb not null,           -- [{uid, type, name}]
  preview_source    text not null,            -- HTML as the partner gave it
  preview           text not null,            -- the same, sanitised
  created_at        timestamptz not null default now(),
  updated_at        timestamptz not null default now(),
  primary key (company_id, id)
);
create unique index channel_template_external_id on channel_template (company_id, channel_id, external_id);
