-- Looking through contacts by name, and pairs that a teammate said are two different people.

create index contact_name on contact (company_id, (name is null), (coalesce(lower(left(name, 200)), '')), id);

-- The smaller id first. Nothing of the people themselves is kept here.
create table contact_different (
  company_id bigint not null,
  one_id     bigint not null,
  other_id   bigint not null check (one_id < other_id),
  said_by    bigint not null,          -- teammate
  said_at    timestamptz not null default now(),
  primary key (company_id, one_id, other_id)
);
create index contact_different_other on contact_different (company_id, other_id);
