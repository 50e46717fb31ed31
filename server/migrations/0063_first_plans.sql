-- What is planned before PostgreSQL has looked at a table (autovacuum does so within a minute of its first rows) is planned for one of which nothing is known.
-- It then takes `company_id = $1` for as good a key as the whole one, reads all of a company's rows for each that it looks for, and keeps to that until it has
-- looked: measured, results that take 6 s each with 1,000 replies waiting. So it is told, of the tables that grow with every message, that a company is
-- nearly all of the table: rows of one company are put in, looked at and taken out again; what was seen of them stays. Not where there are rows already.
do $$
declare
  grown record;
begin
  for grown in
    select * from (values
      ('attempt', 'delivery_id, number', 'n, 1'),
      ('contact', 'id', 'n'),
      ('contact_handle', 'source, handle, contact_id', '''phone'', n::text, n'),
      ('conversation', 'id', 'n'),
      ('delivery', 'id, channel_id, conversation_id, message_id, sequence, type, state, due_at',
        'n, n, n, n, ''send'', ''message'', (array[''queued'', ''sending'', ''sent'', ''failed''])[1 + n % 4], now()'),
      ('event', 'position, id, type', 'n, n, ''inbound'''),
      ('external_message_id', 'channel_id, external_id, message_id', 'n, n::text, n'),
      ('lane', 'channel_id', 'n'),
      ('message', 'id, conversation_id, channel_id, number, uid, direction, origin, body, text, blurb, recipients, created_at',
        'n, n, n, n, n::text, ''inbound'', ''partner'', '''', '''', '''', ''[]'', now()'),
      ('thread_key', 'channel_id, kind, key, conversation_id, id', 'n, ''ref'', n::text, n, n')
    ) as known (name, columns, row)
  loop
    execute format($sql$
      do $each$
      begin
        if exists (select from %1$I) then return; end if;
        insert into %1$I (company_id, %2$s) select 1, %3$s from generate_series(1, 100) as n;
        analyze %1$I (company_id, %2$s);
        truncate %1$I;
      end
      $each$
    $sql$, grown.name, grown.columns, grown.row);
  end loop;
end
$$;
