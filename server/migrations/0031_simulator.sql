-- Which app of a company is the simulator's. Phones, faults and recordings live in memory: they are over when the server stops.
create table simulated_app (
  company_id bigint primary key,
  app_uid    text not null
);
