-- What a conversation's timeline tells of besides its messages and comments. The types are those of server/src/timeline/activities.ts, word for word.
create index event_activity on event (company_id, conversation_id, emitted_at desc, position desc)
  where type in ('assign', 'unassign', 'archive', 'reopen', 'trash', 'restore', 'reminder', 'snooze', 'move', 'tag', 'untag', 'conversations_merged',
    'link_added', 'link_removed', 'custom_field_updated');
-- When a channel went offline and came back, for the timelines of its conversations.
create index event_channel_status on event (company_id, (target ->> 'channel_id'), emitted_at desc, position desc) where type = 'channel_status';
