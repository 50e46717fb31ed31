-- Messages are most of the feed: the newest of them are found by walking it, and writing them should cost no entry in another index.
drop index event_type;
create index event_type on event (company_id, type, position desc) where is_public and type not in ('inbound', 'outbound', 'out_reply');
