-- The company's neighbours: teams, who may open an inbox, tags, links, shifts, custom fields, and message templates (canned responses).
--
-- What belongs to somebody says so in owner_kind and owner_id: the whole company (owner_id null), a team (tim_), or one teammate (tea_: private).

-- A part of the company that teammates and inboxes belong to. Every company has one from its first day.
create table team (
  company_id bigint not null,
  id         bigint not null,
  name       text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (company_id, id)
);

create table team_teammate (
  company_id  bigint not null,
  team_id     bigint not null,
  teammate_id bigint not null,
  primary key (company_id, team_id, teammate_id)
);
create index team_teammate_teammate on team_teammate (company_id, teammate_id);

alter table teammate add column custom_fields jsonb not null default '{}'; -- by the field's name
create unique index teammate_username on teammate (company_id, lower(username));

-- A private inbox (is_private) is one teammate's own, any other a team's. is_public: open to everybody; else to those in inbox_teammate.
alter table inbox add column team_id bigint;
alter table inbox add column teammate_id bigint;
alter table inbox add column custom_fields jsonb not null default '{}';
create index inbox_team on inbox (company_id, team_id);
create index inbox_owner on inbox (company_id, teammate_id) where teammate_id is not null;

create table inbox_teammate (
  company_id  bigint not null,
  inbox_id    bigint not null,
  teammate_id bigint not null,
  primary key (company_id, inbox_id, teammate_id)
);
create index inbox_teammate_teammate on inbox_teammate (company_id, teammate_id);

create table tag (
  company_id  bigint not null,
  id          bigint not null,
  name        text not null,
  description text,
  highlight   text,                       -- a colour's name
  is_private  boolean not null default false,
  is_visible_in_conversation_lists boolean not null default false,
  parent_id   bigint,
  owner_kind  text not null check (owner_kind in ('company', 'team', 'teammate')),
  owner_id    bigint,
  created_at  timestamptz not null default now(),
  updated_at  timestamptz not null default now(),
  primary key (company_id, id)
);
create index tag_owner on tag (company_id, owner_kind, owner_id, id);
create index tag_parent on tag (company_id, parent_id, id) where parent_id is not null;

-- One link per URL: conversations that name the same URL share it. By its digest, because a URL may be longer than an index entry.
create table link (
  company_id    bigint not null,
  id            bigint not null,
  name          text not null,
  type          text not null default 'web',
  external_url  text not null,
  custom_fields jsonb not null default '{}',
  created_at    timestamptz not null default now(),
  updated_at    timestamptz not null default now(),
  primary key (company_id, id)
);
create unique index link_external_url on link (company_id, md5(external_url));

create table shift (
  company_id bigint not null,
  id         bigint not null,
  name       text not null,
  color      text not null,
  timezone   text not null,               -- IANA
  times      jsonb not null,              -- {"mon": {"start": "09:00", "end": "17:00"}, …}
  team_id    bigint,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (company_id, id)
);

create table shift_teammate (
  company_id  bigint not null,
  shift_id    bigint not null,
  teammate_id bigint not null,
  primary key (company_id, shift_id, teammate_id)
);
create index shift_teammate_teammate on shift_teammate (company_id, teammate_id);

-- What custom_fields of a resource may hold: its key is the name. The values are kept with the resource itself.
create table custom_field (
  company_id  bigint not null,
  id          bigint not null,
  resource    text not null check (resource in ('account', 'contact', 'conversation', 'inbox', 'link', 'teammate')),
  name        text not null,
  description text not null default '',
  type        text not null check (type in ('string', 'boolean', 'datetime', 'number', 'teammate', 'inbox', 'enum')),
  options     jsonb,                      -- enum: [{value, label}]
  created_at  timestamptz not null default now(),
  updated_at  timestamptz not null default now(),
  primary key (company_id, id)
);
create unique index custom_field_name on custom_field (company_id, resource, name);

create table message_template_folder (
  company_id bigint not null,
  id         bigint not null,
  name       text not null,
  parent_id  bigint,
  owner_kind text not null check (owner_kind in ('company', 'team', 'teammate')),
  owner_id   bigint,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (company_id, id)
);
create index message_template_folder_owner on message_template_folder (company_id, owner_kind, owner_id, id);
create index message_template_folder_parent on message_template_folder (company_id, parent_id) where parent_id is not null;

create table message_template (
  company_id bigint not null,
  id         bigint not null,
  name       text not null,
  subject    text,
  body       text not null,               -- sanitised HTML
  folder_id  bigint,
  inbox_ids  bigint[],                    -- null: in all inboxes
  owner_kind text not null check (owner_kind in ('company', 'team', 'teammate')),
  owner_id   bigint,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (company_id, id)
);
create index message_template_owner on message_template (company_id, owner_kind, owner_id, id);
create index message_template_folder_place on message_template (company_id, folder_id) where folder_id is not null;

create table message_template_attachment (
  company_id   bigint not null,
  id           bigint not null,
  template_id  bigint not null,
  position     int not null,
  filename     text not null,
  content_type text not null,
  size         bigint not null,           -- bytes
  sha256       bytea not null,            -- the file's name in the store
  primary key (company_id, id)
);
create index message_template_attachment_template on message_template_attachment (company_id, template_id, position);

-- The companies that are here already get their team; an id is the first of a block that nobody else takes from.
insert into team (company_id, id, name, created_at)
  select id, nextval('object_id_block') * 1000, name, created_at from company order by id;
insert into team_teammate (company_id, team_id, teammate_id)
  select team.company_id, team.id, teammate.id from team join teammate on teammate.company_id = team.company_id;
update inbox set team_id = team.id from team where team.company_id = inbox.company_id;
