-- A session that began at the operator's identity provider ends by itself, however much it is used; null: as all others, some months after it began.

alter table identity_session add column "latestAt" timestamptz;
