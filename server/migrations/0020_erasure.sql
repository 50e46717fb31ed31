-- People that were erased: what was removed, signed, and nothing of who they were.

create table erasure (
  company_id bigint not null,
  id         bigint not null,
  contact_id bigint not null,
  erased_by  bigint,             -- teammate; null: an API token
  erased_at  timestamptz not null default now(),
  receipt    text not null,      -- JSON, byte for byte as it was signed
  signature  bytea not null,     -- Ed25519
  primary key (company_id, id)
);

-- Whether a file is still named by anything: one content may belong to many.
create index attachment_sha256 on attachment (sha256);
create index message_template_attachment_sha256 on message_template_attachment (sha256);
create index contact_avatar on contact (avatar_sha256) where avatar_sha256 is not null;

-- Files of what was deleted: looked at once they are old enough that no request can be about to name them again.
create table file_removal (
  sha256 bytea primary key,
  due_at timestamptz not null -- wall clock
);
