import pg from "pg"
import { StartError } from "../start-error.ts"
import { type Connection, clientOptions } from "./pool.ts"

/**
 * Two roles. The owner makes and changes tables: at a start, while migrations run, and for a restore. The server works with a role that reads and writes rows
 * and nothing else: whoever finds a way to slip SQL of theirs into a statement can neither change what there is nor switch off what watches it, reads no
 * file of the machine, starts no program, and enters no other database. Of the audit log it adds entries and gives each its place in the chain, once.
 *
 * The embedded database has both by itself. Elsewhere the roles are the operator's: DATABASE_OWNER_URL names the owner, DATABASE_URL the server's.
 */
export const serverRole = "causeway_server"

/** The server's role of the embedded database, and who may enter which database. One statement for the server, so all of it or nothing. */
export async function makeServerRole(owner: pg.Client, database: string): Promise<void> {
  const { rowCount } = await owner.query("select 1 from pg_roles where rolname = $1", [serverRole])
  if (rowCount !== 0) return
  await owner.query(
    `create role ${serverRole} login nosuperuser nocreatedb nocreaterole noinherit noreplication nobypassrls;
     revoke connect, temporary on database ${database}, postgres, template1 from public;
     grant connect on database ${database} to ${serverRole}`,
  )
}

/** What it must not do with tables: whatever came to it by a grant that is none of ours, its own or everybody's. */
const tooMuch = `select exists (select from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
  and (has_table_privilege($1, oid, 'truncate, trigger, references')
    or relname in ('audit', 'migration') and has_table_privilege($1, oid, 'insert, update, delete'))) as exceeds`

/**
 * Gives `role` what the server needs of the tables that are there, and takes the rest. Called by their owner, and only where something is new: every grant
 * writes to the catalogs. Throws `StartError` when it still may do more, as everybody may or as another role does.
 */
export async function grantRights(owner: pg.Client, role: string, hasChanged: boolean): Promise<void> {
  const { rows } = await owner.query<{ lacks: boolean }>(
    `select exists (select from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and not has_table_privilege($1, oid, 'select')) as lacks`,
    [role],
  )
  if (!hasChanged && rows[0]?.lacks === false && !(await exceeds(owner, role))) return
  const to = pg.escapeIdentifier(role)
  await owner.query(
    `revoke all on all tables in schema public from ${to};
     grant usage on schema public to ${to};
     grant select, insert, update, delete on all tables in schema public to ${to};
     grant usage, select on all sequences in schema public to ${to};
     grant execute on all functions in schema public to ${to};
     revoke insert, update, delete on audit, migration from ${to};
     grant insert (company_id, actor, noun, verb, target, before, after), update (position, hash) on audit to ${to}`,
  )
  if (await exceeds(owner, role))
    throw new StartError(
      `The role ${role} of DATABASE_URL may empty tables or rewrite the audit log: everybody may, or a role that it is in.`,
      "Take that back from the others: revoke all on all tables in schema public from public; a role that owns nothing and is in no other needs no more.",
    )
}

async function exceeds(owner: pg.Client, role: string): Promise<boolean> {
  const { rows } = await owner.query<{ exceeds: boolean }>(tooMuch, [role])
  return rows[0]?.exceeds === true
}

/** A server process that is started anew has another time, and so has a replica. */
const identity =
  "(select oid from pg_database where datname = current_database())::text || ' ' || pg_postmaster_start_time()::text"

/** Roles that PostgreSQL has for more than the rows of one's own database: files and programs of the machine, everybody's tables, other sessions. */
const helpers = [
  "pg_execute_server_program",
  "pg_read_server_files",
  "pg_write_server_files",
  "pg_read_all_data",
  "pg_write_all_data",
  "pg_signal_backend",
  "pg_maintain",
  "pg_create_subscription",
]

interface Session {
  role: string
  place: string
  /** What the role could do although nothing that the server does needs it. */
  excess: string | null
}

/**
 * Of an operator's own database: who DATABASE_URL is, once it is sure that it is the same database as the owner's and a role that owns nothing of it.
 * Throws `StartError`.
 */
export async function serverRoleOf(connection: Connection, owner: Connection): Promise<string> {
  const [own, server] = [await sessionOf(owner, "DATABASE_OWNER_URL"), await sessionOf(connection, "DATABASE_URL")]
  if (own.place !== server.place)
    throw new StartError(
      "DATABASE_URL and DATABASE_OWNER_URL lead to two databases.",
      "Give the same host and name in both; they differ in the user alone.",
    )
  if (server.excess !== null)
    throw new StartError(
      `The role ${server.role} of DATABASE_URL ${server.excess}, and beside DATABASE_OWNER_URL it must not.`,
      "Make one that owns nothing: create role causeway_server login password '…'; the server gives it what it needs.",
    )
  return server.role
}

async function sessionOf(connection: Connection, name: string): Promise<Session> {
  const client = new pg.Client(clientOptions(connection))
  client.on("error", () => {}) // the pending statement fails with it
  try {
    await client.connect()
    const { rows } = await client.query<Session>(
      `select current_user as role, ${identity} as place,
         case when own.rolsuper then 'is a superuser'
              when own.rolbypassrls then 'passes by the rules of the audit log (bypassrls)'
              when own.rolcreaterole then 'may make roles'
              when own.rolcreatedb then 'may make databases'
              when own.rolreplication then 'may copy the whole cluster (replication)'
              when helper.rolname is not null then 'is in ' || helper.rolname
              when has_schema_privilege('public', 'create') then 'may make tables'
              when exists (select from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and pg_has_role(relowner, 'member')) then 'owns tables, or may act as their owner'
         end as excess
       from pg_roles own
         left join lateral (select rolname from pg_roles where rolname = any($1) and pg_has_role(oid, 'member') limit 1) helper on true
       where own.rolname = current_user`,
      [helpers],
    )
    return rows[0] as Session
  } catch (error) {
    throw new StartError(
      `${name} does not answer: ${(error as Error).message}.`,
      "Check host, port, user and password, and that the server runs.",
      { cause: error },
    )
  } finally {
    await client.end().catch(() => {})
  }
}
