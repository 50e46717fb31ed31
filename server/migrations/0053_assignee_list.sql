-- How many conversations are somebody's own is counted in the index alone: it knows the inboxes that decide who may see them.
drop index conversation_assignee;
create index conversation_assignee on conversation (company_id, assignee_id, status, activity_at desc, id desc) include (inbox_id, channel_id)
  where merged_into is null and assignee_id is not null;
