import { randomBytes } from "node:crypto"
import { mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs"
import { request } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { mountSmallDisk, refusal, type SmallDisk } from "../harness/mount.ts"
import { type Answer, expectOk, type World } from "../harness/world.ts"
import { type Cannot, inWorld, isFull, type Row, type RowOptions, type RowResult } from "./row.ts"

interface Upload {
  externalId: string
  files: readonly Buffer[]
}

/** An inbound message with files, as a partner sends it. */
async function upload(world: World, { externalId, files }: Upload): Promise<Answer> {
  const [{ id, token }] = world.channels as [{ id: string; token: string }]
  const form = new FormData()
  form.set("sender[handle]", "mia")
  form.set("body", `With ${files.length} files`)
  form.set("metadata[external_id]", externalId)
  form.set("metadata[external_conversation_id]", "files")
  for (const [i, bytes] of files.entries())
    form.append("attachments", new File([new Uint8Array(bytes)], `${externalId}-${i}.bin`))
  return await world.ask("POST", `/channels/${id}/inbound_messages`, { token, form })
}

const textOnly = (world: World, externalId: string): Promise<Answer> => {
  const [{ id, token }] = world.channels as [{ id: string; token: string }]
  const metadata = { external_id: externalId, external_conversation_id: "files" }
  const json = { sender: { handle: "mia" }, body: "Text alone", metadata }
  return world.ask("POST", `/channels/${id}/inbound_messages`, { token, json })
}

const messageOf = async (world: World, accepted: Answer): Promise<Answer> => {
  const [{ token }] = world.channels as [{ id: string; token: string }]
  return await world.ask("GET", `/messages/alt:uid:${accepted.body.message_uid}`, { token })
}

/** A file's bytes as they are downloaded, or the status of the refusal. */
async function download(world: World, url: string): Promise<Buffer | number> {
  const [{ token }] = world.channels as [{ id: string; token: string }]
  const path = new URL(url).pathname
  const address = (world.servers[0] as { url: string }).url + path
  const answer = await fetch(address, { headers: { authorization: `Bearer ${token}` } })
  return answer.status === 200 ? Buffer.from(await answer.arrayBuffer()) : answer.status
}

/** Every file that a row names is there and whole, and nothing half written is left. */
async function storeProblems(world: World): Promise<string[]> {
  const rows = await world.db.query<{ name: string; size: number }>({
    text: "select encode(sha256, 'hex') as name, size from attachment",
  })
  const root = join(world.dataDir, "files")
  const missing = rows.filter(({ name, size }) => {
    const found = statSync(join(root, name.slice(0, 2), name), { throwIfNoEntry: false })
    return found?.size !== size
  })
  const half = readdirSync(join(root, "incoming"))
  return [
    ...missing.map(({ name }) => `a message names the file ${name.slice(0, 8)}…, which is not there`),
    ...half.map((name) => `${name} was left half written`),
  ]
}

/** The disk of the files runs full, then is read-only, then is well again. */
async function fillFiles({ seed }: RowOptions): Promise<RowResult | Cannot> {
  const folder = mkdtempSync(join(tmpdir(), "causeway-faults-"))
  const mountPoint = join(folder, "data", "files")
  let disk: SmallDisk
  try {
    disk = mountSmallDisk(mountPoint, 3)
  } catch (error) {
    return { cannot: refusal(error) }
  }
  try {
    return await inWorld({ seed, channels: 1, folder }, async (world) => {
      try {
        return await act(world)
      } finally {
        await world.servers[0]?.stop() // it may hold files open
        disk.unmount()
      }
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }

  async function act(world: World): Promise<RowResult> {
    const broken: string[] = []
    const expect = (what: string, { status }: Answer, expected: number) =>
      status === expected || broken.push(`${what} was answered ${status}`)
    const piece = () => randomBytes(256 * 1024)
    const first = await expectOk(upload(world, { externalId: "whole", files: [piece()] }))
    let kept = 1
    while (kept < 50 && (await upload(world, { externalId: `fill-${kept}`, files: [piece(), piece()] })).status === 202)
      kept++
    disk.fill()
    expect("a file on a full disk", await upload(world, { externalId: "full", files: [piece()] }), 503)
    expect("a text on a full disk", await textOnly(world, "text-1"), 202)
    broken.push(...(await storeProblems(world)))
    disk.free()
    disk.setReadOnly(true)
    expect("a file on a read-only disk", await upload(world, { externalId: "read-only", files: [piece()] }), 503)
    expect("a text on a read-only disk", await textOnly(world, "text-2"), 202)
    const read = await messageOf(world, first)
    const bytes = await download(world, read.body.attachments[0].url)
    if (typeof bytes === "number") broken.push(`a file of a read-only disk was answered ${bytes}`)
    disk.setReadOnly(false)
    disk.setMebibytes(32)
    expect("a file once there is room", await upload(world, { externalId: "full", files: [piece()] }), 202)
    broken.push(...(await storeProblems(world)))
    return {
      held: "files are refused with 503, texts go on, no row without its file, nothing half written, well again by itself",
      figure: `${kept} messages with files until it was full`,
      broken,
    }
  }
}

/** The server is killed while files come in. */
const killUploads = ({ seed }: RowOptions): Promise<RowResult> =>
  inWorld({ seed, channels: 1 }, async (world) => {
    const broken: string[] = []
    const rounds = isFull ? 25 : 3
    for (let round = 0; round < rounds; round++) {
      const bytes = randomBytes(300 * 1024)
      const half = beginUpload(world, `killed-${round}`, bytes)
      const incoming = join(world.dataDir, "files", "incoming")
      while (!readdirSync(incoming).some((name) => statSync(join(incoming, name)).size > 0)) await delay(5)
      await world.servers[0]?.kill()
      half.destroy()
      await world.start()
      if (readdirSync(incoming).length > 0) broken.push("half a file is still there after the start")
      const [row] = await world.db.query<{ count: number }>({
        text: "select count(*)::int as count from message where external_id = $1",
        values: [`killed-${round}`],
      })
      if (row?.count !== 0) broken.push("a message is there of which half had come")
      const again = await expectOk(upload(world, { externalId: `killed-${round}`, files: [bytes] }))
      const read = await messageOf(world, again)
      const got = await download(world, read.body.attachments[0].url)
      if (typeof got === "number" || !got.equals(bytes)) broken.push("the file that was sent again is another one")
    }
    broken.push(...(await storeProblems(world)))
    return {
      held: "no half file is seen, none is left; sent again it is there byte for byte",
      figure: `${rounds} kills in the middle of a file`,
      broken,
    }
  })

/** Half of a multipart body, and no more of it. */
function beginUpload(world: World, externalId: string, bytes: Buffer) {
  const [{ id, token }] = world.channels as [{ id: string; token: string }]
  const boundary = "causeway-faults"
  const field = (name: string, value: string) =>
    `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
  const sending = request(`${(world.servers[0] as { url: string }).url}/channels/${id}/inbound_messages`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": `multipart/form-data; boundary=${boundary}` },
  })
  sending.on("error", () => {}) // the server is killed
  sending.write(field("sender[handle]", "mia") + field("body", "Half") + field("metadata[external_id]", externalId))
  sending.write(field("metadata[external_conversation_id]", "files"))
  sending.write(
    `--${boundary}\r\ncontent-disposition: form-data; name="attachments"; filename="half.bin"\r\ncontent-type: application/octet-stream\r\n\r\n`,
  )
  sending.write(bytes.subarray(0, bytes.length / 2))
  return sending
}

/** Kept files that go missing, lose their end, or change. */
const damageFiles = ({ seed }: RowOptions): Promise<RowResult> =>
  inWorld({ seed, channels: 1 }, async (world) => {
    const broken: string[] = []
    const damages: Record<string, (path: string) => void> = {
      missing: (path) => rmSync(path),
      truncated: (path) => truncateSync(path, 1_000),
      changed: (path) => writeFileSync(path, randomBytes(50_000)),
      untouched: () => {},
    }
    for (const [name, damage] of Object.entries(damages)) {
      const bytes = randomBytes(50_000)
      const accepted = await expectOk(upload(world, { externalId: name, files: [bytes] }))
      const rows = await world.db.query<{ name: string }>({
        text: "select encode(sha256, 'hex') as name from attachment order by id desc limit 1",
      })
      const file = rows[0]?.name as string
      damage(join(world.dataDir, "files", file.slice(0, 2), file))
      const read = await messageOf(world, accepted)
      if (read.status !== 200 || read.body.attachments.length !== 1)
        broken.push(`the message of a ${name} file was answered ${read.status}`)
      const got = await download(world, read.body.attachments[0].url)
      const isRight = name === "untouched" ? typeof got !== "number" && got.equals(bytes) : got === 404
      if (!isRight)
        broken.push(`a ${name} file was answered ${typeof got === "number" ? got : `with ${got.length} bytes`}`)
    }
    return {
      held: "the message shows with its file's name; the file is 404, never 500 and never wrong bytes",
      figure: Object.keys(damages).join(", "),
      broken,
    }
  })

export const fileRows: Row[] = [
  { number: 11, fault: "the files' disk is full, then read-only", run: fillFiles },
  { number: 12, fault: "kill -9 in the middle of an upload", run: killUploads },
  { number: 33, fault: "files missing, truncated, changed", run: damageFiles },
]
