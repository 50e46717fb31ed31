-- Contacts as people keep them: whose they are, links, custom fields, a picture; lists, notes, and the handles of what is one teammate's own.
--
-- A contact is the whole company's, a team's, or one teammate's (private). owner_kind and owner_id as in 0006.

alter table contact add column owner_kind text not null default 'company' check (owner_kind in ('company', 'team', 'teammate'));
alter table contact add column owner_id bigint;
alter table contact add column links text[] not null default '{}';
alter table contact add column custom_fields jsonb not null default '{}'; -- by the field's name
alter table contact add column is_named boolean not null default false; -- somebody gave the name; else it came with a message
alter table contact add column avatar_sha256 bytea;                     -- the file's name in the store
alter table contact add column avatar_content_type text;
alter table contact add column avatar_at timestamptz;
create index contact_created on contact (company_id, created_at, id);
create index contact_updated on contact (company_id, updated_at, id);
create index contact_owner on contact (company_id, owner_kind, owner_id) where owner_kind <> 'company';

-- The conversations of a contact.
create index conversation_contact on conversation (company_id, contact_id);

-- The handles of private contacts. They are apart from contact_handle, because whoever writes over a channel is a contact that everybody sees.
create table private_handle (
  company_id  bigint not null,
  source      text not null,
  handle      text collate "C" not null,
  teammate_id bigint not null,
  contact_id  bigint not null,
  created_at  timestamptz not null default now(),
  primary key (company_id, source, handle, teammate_id)
);
create index private_handle_contact on private_handle (company_id, contact_id);

create table contact_list (
  company_id bigint not null,
  id         bigint not null,
  name       text not null,
  owner_kind text not null check (owner_kind in ('company', 'team', 'teammate')),
  owner_id   bigint,
  created_at timestamptz not null default now(),
  primary key (company_id, id)
);
create unique index contact_list_name on contact_list (company_id, owner_kind, owner_id, name) nulls not distinct;

create table contact_list_member (
  company_id bigint not null,
  list_id    bigint not null,
  contact_id bigint not null,
  primary key (company_id, list_id, contact_id)
);
create index contact_list_member_contact on contact_list_member (company_id, contact_id);

create table contact_note (
  company_id bigint not null,
  id         bigint not null,
  contact_id bigint not null,
  author_id  bigint not null,          -- teammate
  body       text not null,
  created_at timestamptz not null default now(),
  primary key (company_id, id)
);
create index contact_note_contact on contact_note (company_id, contact_id, id);
