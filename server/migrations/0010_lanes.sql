-- Lanes that pause by themselves, and what is needed to find failed and finished deliveries.

-- Nothing of that kind leaves the lane before (schedule clock): its partner is not answering, or asked us to wait. '-infinity': no pause.
alter table lane add column sends_from timestamptz not null default '-infinity';
alter table lane add column notices_from timestamptz not null default '-infinity';
-- What delivery/health.ts remembers of the lane's partner: {send: {failures, kind, pause}, notice: {…}}.
alter table lane add column health jsonb not null default '{}';

-- What a redrive looks through: one channel's failures.
create index delivery_failed on delivery (company_id, channel_id, id) where state in ('failed', 'unknown');
-- What retention walks, oldest first.
create index delivery_finished on delivery (finished_at, id) where finished_at is not null;
