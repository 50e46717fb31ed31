-- What integrations asked of the Channel API, for the log that their builders read. Written in batches, off the way of the requests; a busy process keeps
-- so many a second and counts the rest.
create table api_call (
  company_id      bigint not null,
  id              bigint not null,
  at              timestamptz not null,
  channel_id      bigint,
  what            text not null,  -- "POST inbound_messages"
  method          text not null,
  url             text not null,
  status          int not null,
  took_ms         real not null,
  request_headers jsonb not null, -- without credentials
  request_body    text,           -- its first 8 KiB
  response_body   text,
  external_id     text collate "C",
  message_uid     text collate "C",
  skipped         int not null default 0, -- as many before it were not kept
  primary key (company_id, id)
);
create index api_call_channel on api_call (company_id, channel_id, id desc);
create index api_call_external_id on api_call (company_id, external_id) where external_id is not null;
create index api_call_uid on api_call (company_id, message_uid) where message_uid is not null;
create index api_call_at on api_call (at);
