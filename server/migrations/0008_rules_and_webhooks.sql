-- Rules over inbound messages, and webhooks that tell events: an app's subscription to the feed, or the address that a rule calls.
-- Both read the feed by position: an event is the work that its transaction left behind, so nothing more is written when a message comes in.

create table rule (
  company_id      bigint not null,
  id              bigint not null,
  name            text not null,
  position        int not null,                 -- rules are asked in this order
  is_enabled      boolean not null default true,
  match           text not null default 'all' check (match in ('all', 'any')),
  conditions      jsonb not null default '[]',
  actions         jsonb not null,
  stops           boolean not null default false, -- when it matches, no later rule is asked
  since_position  bigint not null default 0,    -- the feed where it was last enabled: what came before is none of its business
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now(),
  primary key (company_id, id)
);
create index rule_order on rule (company_id, position, id);

-- How far the rules of a company have read its feed. No row: the company never had a rule.
create table rule_cursor (
  company_id bigint primary key,
  position   bigint not null
) with (fillfactor = 50);

-- What a rule did to a message: once, whatever happens to the process meanwhile.
create table rule_run (
  company_id       bigint not null,
  rule_id          bigint not null,
  message_id       bigint not null,
  reply_message_id bigint,
  replied_at       timestamptz,                 -- schedule clock: one auto-reply per conversation and period
  done             text[] not null default '{}',
  created_at       timestamptz not null default now(),
  primary key (company_id, rule_id, message_id)
);
create index rule_run_reply on rule_run (company_id, reply_message_id) where reply_message_id is not null;
create index message_auto_reply on message (company_id, conversation_id) where origin = 'auto_reply';

-- What a company's rule webhooks are signed with.
create table rule_secret (
  company_id    bigint primary key,
  secret_sealed bytea not null,
  created_at    timestamptz not null default now()
);

-- Where events are told. Each is a queue of its own, worked on under a lease, one event at a time.
create table webhook (
  company_id     bigint not null,
  id             bigint not null,
  kind           text not null check (kind in ('application', 'rule')),
  app_uid        text,                          -- application: whose secret signs
  rule_id        bigint,                        -- rule: whose action it is
  url            text not null,
  bearer_sealed  bytea,                         -- rule: sent as Authorization: Bearer
  event_types    text[] not null default '{}',  -- application: names on the wire; none: all
  payload        text not null default 'full' check (payload in ('full', 'preview')),
  state          text not null default 'active' check (state in ('active', 'paused')),
  state_reason   text,
  state_at       timestamptz not null default now(),
  position       bigint not null default 0,     -- the feed up to which events are queued
  failures       int not null default 0,        -- events in a row that could not be told
  failing_since  bigint,                        -- the feed before the first of them
  due_at         timestamptz not null default 'infinity', -- schedule clock: the earliest work in the queue
  lease_token    bigint not null default 0,
  leased_until   timestamptz not null default '-infinity', -- wall clock
  created_at     timestamptz not null default now(),
  updated_at     timestamptz not null default now(),
  deleted_at     timestamptz,
  primary key (company_id, id)
) with (fillfactor = 80);
create index webhook_app on webhook (company_id, app_uid, id) where deleted_at is null and kind = 'application';
create index webhook_active on webhook (due_at) where state = 'active' and deleted_at is null;

-- Events stand in the delivery log beside what channels are told; they belong to a webhook instead of a channel and pass by the lanes.
alter table delivery alter column channel_id drop not null;
alter table delivery add column webhook_id bigint;
alter table delivery add column event_position bigint;
-- Which types there are is the code's to say: every kind of partner adds its own.
alter table delivery drop constraint if exists delivery_type_check;
alter table delivery drop constraint delivery_sequence_check;
alter table delivery add constraint delivery_sequence_check check (sequence in ('send', 'notice', 'control', 'event'));
alter table delivery add constraint delivery_has_addressee check (channel_id is not null or webhook_id is not null);
create index delivery_webhook_open on delivery (company_id, webhook_id, id) where webhook_id is not null and state in ('queued', 'waiting', 'sending');
create index delivery_webhook_log on delivery (company_id, webhook_id, id desc) where webhook_id is not null;
