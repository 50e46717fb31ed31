-- A reply's state changes three times on its way. While an index looks at `state`, each change writes the message into all of its indexes once more,
-- those of its words included; `error_code`, which every failed and unknown reply has, changes only when something went wrong. The new row has to fit
-- beside the old one for that, so pages keep some room.
drop index message_failed;
create index message_failed on message (company_id, conversation_id) where error_code is not null;
alter table message set (fillfactor = 88);
