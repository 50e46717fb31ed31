/**
 * Rows as the batch writer leaves them, made by the database itself. `$1` the company, `$2` the inbox, `$3` its channels, `$5` the first number of the rows,
 * `$6` how many conversations, `$7` how many messages each; numbers are taken for contacts, conversations and thread keys first, then three for each message.
 */

/** So many conversations are alive at once: the next message of one comes when so many others have had theirs. */
export const aliveAtOnce = 500
/** A power of two: which sentence a message has is drawn by the last bits of a hash. */
export const sentenceCount = 16_384

const sentenceSql = (n: string, m: string) => `hashint8(${n} * 100 + ${m}) & ${sentenceCount - 1}`
const textSql = (n: string, m: string) => `words || case when ${m} = 1 then ' order' || ${n} else '' end`
const handleSql = "'guest-' || n"
const nameSql = "'guest ' || (n % 1000)"

/** Twenty seconds of the past for each slot that is to come after it; `$6` conversations, `$7` messages in each. */
const atSql = (slot: string) =>
  `date_trunc('milliseconds', now() - make_interval(secs => ($6::bigint + ($7::bigint - 1) * ${aliveAtOnce} - ${slot}) * 20))`

/**
 * The messages of the slots from `$8` up to `$9`, after position `$10` of the feed; `$11` is the position before all of them. Every third message is one that
 * was sent elsewhere and imported.
 */
export const messagesSql = `
  with planned as materialized (
    select slot, m, n, slot - first_slot as nth, $10::bigint + row_number() over (order by slot, m desc) as position,
      ($3::bigint[])[1 + n % cardinality($3::bigint[])] as channel_id, ($4::text[])[1 + n % cardinality($4::text[])] as address,
      ${atSql("slot")} as at
    from (select slot, m, slot - (m - 1) * ${aliveAtOnce} as n, $8::bigint as first_slot from generate_series($8::bigint, $9::bigint - 1) slot, generate_series(1, $7::int) m) given
    where n between 0 and $6::bigint - 1
  ), named as materialized (
    select *, $5::bigint + $6::bigint * 3 + (position - 1 - $11::bigint) * 3 as id, $5::bigint + $6::bigint + n as conversation_id, m % 3 <> 0 as is_inbound,
      'growth-' || n || '-' || m as external_id, ${handleSql} as handle, ${nameSql} as sender,
      ${textSql("n", "m")} as text
    from planned join growth_sentence on growth_sentence.number = ${sentenceSql("planned.n", "m")}
  ), ids as (
    insert into external_message_id (company_id, channel_id, external_id, message_id)
    select $1, channel_id, external_id, id from named
  ), messages as (
    insert into message (company_id, id, conversation_id, channel_id, number, uid, type, direction, origin, sender_name, subject, body, text, blurb, recipients, external_id,
      external_conversation_id, headers, created_at, accepted_at)
    select $1, id, conversation_id, channel_id, m, md5('growth' || id), 'custom', case when is_inbound then 'inbound' else 'outbound' end, 'partner',
      case when is_inbound then sender end, '', text, text, text,
      case when is_inbound then jsonb_build_array(jsonb_build_object('role', 'from', 'handle', handle, 'name', sender), jsonb_build_object('role', 'to', 'handle', address, 'name', null))
        else jsonb_build_array(jsonb_build_object('role', 'from', 'handle', address, 'name', null), jsonb_build_object('role', 'to', 'handle', handle, 'name', null)) end,
      external_id, 'growth-' || n, '{}', at, at
    from named order by position
  ), notices as (
    insert into delivery (company_id, id, channel_id, conversation_id, message_id, sequence, type, number, ready, state, due_at, attempts, first_started_at, lease_token,
      created_at, finished_at)
    select $1, id + 1, channel_id, conversation_id, id, 'notice', 'message_imported', m, true, 'sent', at, 1, at, 1, at, at from named order by position
  ), events as (
    insert into event (company_id, position, id, type, is_public, conversation_id, message_id, source, target, emitted_at)
    select $1, position, id + 2, case when is_inbound then 'inbound' else 'out_reply' end, true, conversation_id, id,
      jsonb_build_object('type', 'inboxes', 'inbox_ids', jsonb_build_array($2::bigint)), '{"type": "message"}', at
    from named order by position
  )
  select count(*)::int as count from named`

/** One row of `planned` for each conversation: every twentieth is open, two of five of those are nobody's, one is the first teammate's. */
const plannedSql = `with given as (
    select $1::bigint as company_id, $2::bigint as inbox_id, $3::bigint[] as channels, $4::bigint[] as teammates, $5::bigint as first, $6::bigint as conversations,
      $7::int as per, $8::bigint[] as tags
  ), planned as (
    select *, channels[1 + n % cardinality(channels)] as channel_id, ${atSql("n")} as began_at, ${atSql(`(n + (per - 1) * ${aliveAtOnce})`)} as ended_at,
      ${handleSql} as handle, ${nameSql} as name, n % 20 = 0 as is_open, n / 20 as nth
    from given, generate_series(0, conversations - 1) n
  )`

/** Where the last message of a conversation stands among all: so many of each conversation were written before it. */
const lastNth = `(select sum(least(conversations, n + later * ${aliveAtOnce}))::bigint from generate_series(0, per - 1) later)`

export const conversationSqls: readonly string[] = [
  "insert into contact (company_id, id, name, created_at, updated_at) select company_id, first + n, name, began_at, began_at from planned order by n",
  "insert into contact_handle (company_id, source, handle, contact_id, created_at) select company_id, 'custom', handle, first + n, began_at from planned order by n",
  `insert into thread_key (company_id, channel_id, kind, key, conversation_id, id)
   select company_id, channel_id, 'ref', 'growth-' || n, first + conversations + n, first + conversations * 2 + n from planned order by n`,
  `insert into conversation (company_id, id, inbox_id, channel_id, contact_id, status, assignee_id, recipient, preview, preview_direction, last_message_id, last_number,
     last_notice, last_inbound, waiting_since, activity_at, version, created_at, updated_at)
   select company_id, first + conversations + n, inbox_id, channel_id, first + n, case when is_open then 'open' else 'archived' end,
     case when is_open then case nth % 5 when 0 then teammates[1] when 1 then teammates[cardinality(teammates)] when 2 then teammates[cardinality(teammates)] end end,
     jsonb_build_object('handle', handle, 'name', name, 'role', 'from'), ${textSql("planned.n", "per")}, case when per % 3 = 0 then 'outbound' else 'inbound' end,
     first + conversations * 3 + ${lastNth} * 3, per, per, case when per % 3 = 0 then per - 1 else per end,
     case when per % 3 <> 0 then ended_at - make_interval(secs => (per % 3 - 1) * ${aliveAtOnce} * 20) end, ended_at, per + 1, began_at, ended_at
   from planned join growth_sentence on growth_sentence.number = ${sentenceSql("planned.n", "per")} order by planned.n`,
  `insert into conversation_tag (company_id, conversation_id, tag_id)
   select company_id, first + conversations + n, tags[1 + nth % cardinality(tags)] from planned where is_open and nth % 4 = 0 or n % 20 = 1`,
  `insert into conversation_read (company_id, conversation_id, teammate_id, number)
   select company_id, first + conversations + n, teammates[1 + n % cardinality(teammates)], per from planned where not is_open`,
  `insert into lane (company_id, channel_id) select company_id, unnest(channels) from given on conflict do nothing`,
].map((sql) => `${plannedSql} ${sql}`)
