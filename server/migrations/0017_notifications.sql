-- What teammates want to be told of. Whoever has no row has the usual: see server/src/notifications/store.ts.

create table notification_preference (
  company_id bigint not null,
  teammate_id bigint not null,
  -- by inbox id, `inb_…`; an inbox that is not in it has the usual level
  levels jsonb not null default '{}',
  sound text not null default 'background' check (sound in ('off', 'background', 'always')),
  -- minutes since midnight where the teammate is; both or none
  quiet_from smallint check (quiet_from between 0 and 1439),
  quiet_to smallint check (quiet_to between 0 and 1439),
  updated_at timestamptz not null default now(),
  primary key (company_id, teammate_id),
  check ((quiet_from is null) = (quiet_to is null))
);
