-- Channels that are offline are looked through for replies that were put in as if they were not.

create index channel_offline on channel (company_id, id) where status = 'offline' and deleted_at is null;
