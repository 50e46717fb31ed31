-- Conversations in full: discussions and tasks, tags, links, followers, reminders, custom fields, search, and what merging and deleting leave behind.

-- A discussion or a task is talk among teammates: it has comments and no messages, so it has no channel. One that is between named teammates
-- has no inbox either: its followers are who may see it.
alter table conversation add column type text not null default 'conversation' check (type in ('conversation', 'discussion', 'task'));
alter table conversation alter column channel_id drop not null;
alter table conversation alter column inbox_id drop not null;
alter table conversation add column custom_fields jsonb not null default '{}'; -- by the field's name
alter table conversation add column description text;      -- of a task
alter table conversation add column due_at timestamptz;    -- of a task

-- What an inbox has, what somebody is assigned: by status, newest activity first. Without either, conversation_list.
create index conversation_inbox on conversation (company_id, inbox_id, status, activity_at desc, id desc) where merged_into is null;
create index conversation_assignee on conversation (company_id, assignee_id, status, activity_at desc, id desc)
  where merged_into is null and assignee_id is not null;
create index conversation_merged on conversation (company_id, merged_into) where merged_into is not null;

create table conversation_tag (
  company_id      bigint not null,
  conversation_id bigint not null,
  tag_id          bigint not null,
  primary key (company_id, conversation_id, tag_id)
);
create index conversation_tag_tag on conversation_tag (company_id, tag_id, conversation_id);

create table conversation_link (
  company_id      bigint not null,
  conversation_id bigint not null,
  link_id         bigint not null,
  primary key (company_id, conversation_id, link_id)
);
create index conversation_link_link on conversation_link (company_id, link_id, conversation_id);

create table conversation_follower (
  company_id      bigint not null,
  conversation_id bigint not null,
  teammate_id     bigint not null,
  primary key (company_id, conversation_id, teammate_id)
);
create index conversation_follower_teammate on conversation_follower (company_id, teammate_id, conversation_id);

-- Snoozed is archived with a reminder: when one is due the conversation is open again and the reminder is gone.
create table conversation_reminder (
  company_id      bigint not null,
  conversation_id bigint not null,
  teammate_id     bigint not null,           -- who asked for it
  scheduled_at    timestamptz not null,      -- schedule clock
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now(),
  primary key (company_id, conversation_id, teammate_id)
);
create index conversation_reminder_due on conversation_reminder (scheduled_at);

-- A message of a conversation that was deleted for good keeps its ids, so that a repeat of it still gets its first answer, and nothing else.
alter table message add column deleted_at timestamptz;

-- Words of subject and text in any language, so nothing is stemmed. What stands behind the first 100,000 characters is not found: a tsvector is bounded.
create index message_words on message using gin (to_tsvector('simple', left(subject || ' ' || text, 100000))) where deleted_at is null;
-- A discussion and a task are found by their subject; what has messages, by theirs.
create index conversation_subject on conversation using gin (to_tsvector('simple', left(subject, 100000))) where type <> 'conversation';

-- Who wrote and to whom, whatever part they had in it.
create index message_handles on message using gin (jsonb_path_query_array(recipients, '$[*].handle')) where deleted_at is null;
