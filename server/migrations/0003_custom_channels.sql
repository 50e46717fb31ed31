-- Messages that are imported into an inbox came over no channel of ours: each inbox keeps one of this kind for them, which is shown nowhere.
alter table channel add column kind text not null default 'channel' check (kind in ('channel', 'import'));
create unique index channel_import on channel (company_id, inbox_id) where kind = 'import';
