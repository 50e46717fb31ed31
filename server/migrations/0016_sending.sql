-- The template that a reply was made from, as its partner is told: {external_id, name, variables: [{uid, type, name, value}]}.
alter table message add column template jsonb;

-- What was added to a conversation since somebody read it. Public entries have event_conversation; replies are kept under a name of ours, and are few.
create index event_reply_kept on event (company_id, conversation_id, position) where type = 'reply_kept';
