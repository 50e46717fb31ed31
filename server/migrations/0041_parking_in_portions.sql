-- A channel that goes offline or comes back with very many replies has them moved in portions. What is left to do stands here, so that whoever is
-- killed in between leaves it to others.

alter table channel
  add column parking        text check (parking in ('park', 'release')), -- null: all is done
  add column parking_before timestamptz; -- when releasing: what is older waits for a person; -infinity: nothing does
create index channel_parking on channel (company_id, id) where parking is not null;

-- What waits on a channel: its portions, in order, and how many they are.
create index delivery_waiting_send on delivery (company_id, channel_id, due_at, stepped_aside, number) where sequence = 'send' and state in ('queued', 'waiting');
