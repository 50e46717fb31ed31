-- What a teammate chose for themselves and finds again on every device (contract/src/inbox-preferences.ts). A part that is missing is as usual.
alter table teammate add column preferences jsonb not null default '{}';
