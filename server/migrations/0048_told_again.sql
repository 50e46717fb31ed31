-- What became of deliveries that were told again: counted while somebody watches.

create index delivery_told_again on delivery (company_id, channel_id, created_at) where replay_of is not null;
