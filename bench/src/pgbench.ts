import { spawnSync } from "node:child_process"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { openDatabase } from "@causeway/server/database/database"
import { createLog } from "@causeway/server/log"
import { channelCount, conversationCount } from "./scene.ts"

/** What one message costs at the least: the same rows in the same tables, written by a program in C with nothing in front of it. */
const script = `
\\set conversation random(1, ${conversationCount})
\\set channel 1 + :conversation % ${channelCount}
\\set message random(1, 9000000000000)
begin;
insert into external_message_id values (1, :channel, 'ext-' || :message || '-' || :client_id, :message) on conflict do nothing;
select contact_id from contact_handle where company_id = 1 and source = 'custom' and handle = 'customer-' || :conversation;
select conversation_id from thread_key where company_id = 1 and channel_id = :channel and kind = 'ref' and key = 'conversation-' || :conversation;
select last_number from conversation where company_id = 1 and id = :conversation for no key update;
update conversation set last_number = last_number + 1, last_notice = last_notice + 1, last_message_id = :message, preview = 'It should have come on Monday', activity_at = now(), version = version + 1 where company_id = 1 and id = :conversation;
insert into message (company_id, id, conversation_id, channel_id, number, uid, direction, origin, body, text, blurb, recipients, external_id, created_at) values (1, :message, :conversation, :channel, 1, md5(random()::text || :client_id), 'inbound', 'partner', 'It should have come on Monday, and today is Wednesday.', 'It should have come on Monday, and today is Wednesday.', 'It should have come on Monday', '[{"role":"from","handle":"customer"},{"role":"to","handle":"channel"}]', 'ext', now());
insert into delivery (company_id, id, channel_id, conversation_id, message_id, sequence, type, number, state, due_at) values (1, :message, :channel, :conversation, :message, 'notice', 'message_imported', 1, 'queued', now());
update lane set due_at = least(due_at, now()) where company_id = 1 and channel_id = :channel;
with counter as (update company_feed set position = position + 1 where company_id = 1 returning position) insert into event (company_id, position, id, type, conversation_id, message_id) select 1, position, :message, 'inbound', :conversation, :message from counter;
commit;
`

const seed = `
insert into company_feed values (1, 0);
insert into contact_handle select 1, 'custom', 'customer-' || n, n from generate_series(1, ${conversationCount}) n;
insert into thread_key select 1, 1 + n % ${channelCount}, 'ref', 'conversation-' || n, n, n from generate_series(1, ${conversationCount}) n;
insert into conversation (company_id, id, inbox_id, channel_id) select 1, n, 1, 1 + n % ${channelCount} from generate_series(1, ${conversationCount}) n;
insert into lane (company_id, channel_id) select 1, n from generate_series(1, ${channelCount}) n;
`

/** Transactions per second of pgbench with 32 clients on a fresh embedded server; null where there is no pgbench. */
export async function runPgbench(seconds: number): Promise<number | null> {
  if (spawnSync("pgbench", ["--version"]).status !== 0) return null
  const folder = await mkdtemp(join(tmpdir(), "causeway-pgbench-"))
  const opened = await openDatabase({ dataDir: folder, databaseUrl: null }, createLog("silent"))
  await opened.db.query({ text: seed })
  await writeFile(join(folder, "message.sql"), script)
  const { host, user, database } = opened.db.pool.options
  const args = [
    "-h",
    String(host),
    "-U",
    String(user),
    "-n",
    "-M",
    "prepared",
    "-c",
    "32",
    "-j",
    "2",
    "-T",
    String(seconds),
    "-f",
    join(folder, "message.sql"),
    String(database),
  ]
  const run = spawnSync("pgbench", args, { encoding: "utf8" })
  await opened.stop()
  await rm(folder, { recursive: true, force: true })
  const tps = /tps = ([\d.]+)/.exec(run.stdout)?.[1]
  if (tps === undefined) throw new Error(`pgbench said nothing usable: ${run.stderr}`)
  return Number(tps)
}
