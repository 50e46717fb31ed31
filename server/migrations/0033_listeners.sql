-- Whoever carries an app's webhooks to a server of their own, in place of the app's address. One an app.
create table listener (
  company_id bigint not null,
  id         bigint not null,
  app_uid    text not null,
  name       text not null,              -- said to people: whose machine it is
  turn       bigint not null default 0,  -- the last one in which it was handed something
  kept_for   interval not null,          -- how long webhooks wait for it when it is away
  seen_at    timestamptz not null default clock_timestamp(),
  until      timestamptz not null,       -- after this the app's own address counts again
  primary key (company_id, id)
);
create unique index listener_app on listener (company_id, app_uid);

-- A webhook on its way through a listener. Rows live for seconds.
create table relay (
  company_id  bigint not null,
  id          bigint not null,
  listener_id bigint not null,
  delivery_id bigint,                    -- null: a question, which is no delivery yet
  type        text not null,
  request     text not null,             -- JSON: method, url, headers, body; text, since what was signed keeps its bytes
  take_until  timestamptz not null,      -- nobody is handed it later
  turn        bigint,                    -- in which it was handed over; null: not yet
  taken_at    timestamptz,
  answer      jsonb,
  primary key (company_id, id)
);
create index relay_listener on relay (company_id, listener_id, id);
