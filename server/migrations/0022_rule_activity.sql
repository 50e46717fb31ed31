-- What the rules did lately, newest first: the page of rules shows how each fares.

create index rule_run_recent on rule_run (company_id, created_at);
