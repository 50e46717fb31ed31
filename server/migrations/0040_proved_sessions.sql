-- When the person behind a session last proved who they are: by signing in, or by being asked again before a delicate step.

alter table identity_session add column "provedAt" timestamptz not null default now();
