-- What the inbox's lists need: how far each teammate has read, and lists that are counted, filtered and leapt through in the index alone.

-- The number of the newest message of a customer: who has read less far has something new.
alter table conversation add column last_inbound integer not null default 0;
update conversation set last_inbound = last_number where preview_direction = 'inbound';

-- How far a teammate has read; none: not at all.
create table conversation_read (
  company_id      bigint not null,
  conversation_id bigint not null,
  teammate_id     bigint not null,
  number          integer not null,
  primary key (company_id, conversation_id, teammate_id)
) with (fillfactor = 70);

drop index conversation_list;
create index conversation_list on conversation (company_id, status, activity_at desc, id desc) include (inbox_id, channel_id, assignee_id)
  where merged_into is null;

-- Longest waiting first; who does not wait comes last.
create index conversation_waiting on conversation (company_id, coalesce(waiting_since, 'infinity'::timestamptz), id)
  include (inbox_id, channel_id, assignee_id) where status = 'open' and merged_into is null;

create index conversation_reminder_teammate on conversation_reminder (company_id, teammate_id, conversation_id);
