import { writeFileSync } from "node:fs"
import { createServer, type RequestListener } from "node:http"
import { createServer as createSecureServer } from "node:https"
import type { Server } from "node:net"
import { join } from "node:path"
import { parseId } from "@causeway/contract/ids"
import {
  authority,
  expiredCertificate,
  selfSignedCertificate,
  serverKey,
  validCertificate,
} from "../harness/certificates.ts"
import { type NameAnswer, openNames } from "../harness/names.ts"
import { addresses, isInside, runInside } from "../harness/namespace.ts"
import type { World } from "../harness/world.ts"
import { brokenAnswers } from "./partners.ts"
import { type Cannot, inWorld, type Row, type RowOptions, type RowResult, summary, verdict } from "./row.ts"

/** A reply to `url`, and what has to become of it. */
interface Case {
  name: string
  url: string
  state: "sent" | "failed" | "unknown"
  code?: string
}

const channelKnownMs = 2_500
/** Everywhere on the same ports: where a name leads is told by who hears of it. */
const ports = { http: 8080, https: 8443, expired: 8444, selfSigned: 8445 }

const names: Record<string, NameAnswer> = {
  "well.test": { addresses: [addresses.public] },
  "missing.test": "NXDOMAIN",
  "broken.test": "SERVFAIL",
  "slow.test": { addresses: [addresses.public], delayMs: 5_000 },
  "silent.test": "silence",
  "mixed.test": { addresses: [addresses.private, addresses.public, addresses.metadata] },
  "bait.test": { addresses: [addresses.nobody, addresses.private] },
  "local.test": { cname: "localhost" },
  localhost: { addresses: ["127.0.0.1"] },
  "chain.test": { cname: "link.test" },
  "link.test": { cname: "metadata.test" },
  "metadata.test": { addresses: [addresses.metadata] },
  "office.test": { addresses: [addresses.office] },
  "mapped.test": { addresses: [`::ffff:${hexOf(addresses.private)}`] },
  "nat64.test": { addresses: [`64:ff9b::${hexOf(addresses.metadata)}`] },
  "hooks.acme.test": { addresses: [addresses.public] },
  "other.acme.test": { addresses: [addresses.public] },
}

/** The second half of an IPv6 address that holds this IPv4 one. */
function hexOf(address: string): string {
  const [a = 0, b = 0, c = 0, d = 0] = address.split(".").map(Number)
  return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`
}

/** Partners on the open internet, and ears at every address that must never be dialled. */
async function openPartners() {
  const heard: string[] = []
  const open: Server[] = []
  const listen = async (server: Server, port: number, host: string) => {
    await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, host, resolve))
    open.push(server)
  }
  let answered = 0
  const accept: RequestListener = (request, response) => {
    request.resume().on("end", () => {
      answered++
      response.setHeader("content-type", "application/json")
      response.end(JSON.stringify({ type: "success", external_id: `far-${answered}`, external_conversation_id: "" }))
    })
  }
  await listen(createServer(accept), ports.http, addresses.public)
  const secure = {
    [ports.https]: validCertificate,
    [ports.expired]: expiredCertificate,
    [ports.selfSigned]: selfSignedCertificate,
  }
  for (const [port, cert] of Object.entries(secure))
    await listen(createSecureServer({ key: serverKey, cert }, accept), Number(port), addresses.public)
  for (const address of ["127.0.0.1", addresses.private, addresses.office, addresses.metadata]) {
    const ear = createServer(accept).on("connection", () => heard.push(address))
    await listen(ear, ports.http, address)
  }
  return {
    heard,
    answered: () => answered,
    close: () => {
      for (const server of open) server.close()
    },
  }
}

type Partners = Awaited<ReturnType<typeof openPartners>>

/** In a network of its own: a server that everybody reaches, so that loopback is no partner's place, and names that lead anywhere. */
async function inNetwork(
  { seed }: RowOptions,
  cases: readonly Case[],
  act: (world: World, partners: Partners, reply: (channel: number) => Promise<string>) => Promise<string[]>,
): Promise<RowResult> {
  const nameServer = await openNames(
    (name, nth) =>
      // At the first question a partner's, at the next one of ours: what is judged must be what is dialled.
      name === "moving.test"
        ? { addresses: [nth % 2 === 1 ? addresses.public : addresses.private] }
        : (names[name] ?? "NXDOMAIN"),
    { host: addresses.nameServer, port: 53 },
  )
  const partners = await openPartners()
  const trusted = join(String(process.env.CAUSEWAY_FAULTS_NETWORK), "authority.pem")
  writeFileSync(trusted, authority)
  const options = {
    seed,
    channels: cases.length,
    args: ["--host", "0.0.0.0"],
    // The partners that channels are connected with are on loopback.
    env: { CAUSEWAY_ALLOW_HOSTS: "127.0.0.1", NODE_EXTRA_CA_CERTS: trusted },
  }
  try {
    return await inWorld(options, async (world, driver) => {
      const paths: string[] = []
      for (let channel = 0; channel < cases.length; channel++) paths.push(await driver.converse(channel))
      for (const [channel, { url }] of cases.entries()) await moveTo(world, channel, url)
      // A server that knew the channel before does so for a few seconds.
      await new Promise((resolve) => setTimeout(resolve, channelKnownMs))
      const reply = (channel: number) => driver.reply(paths[channel] as string)
      const keys = await Promise.all(cases.map((_, channel) => reply(channel)))
      const also = await act(world, partners, reply)
      const found = await verdict(world)
      // Partners of the network keep no ledger.
      const broken = found.broken.filter((sentence) => !sentence.endsWith("is sent, and no partner said 2xx"))
      const rows = await world.db.query<{ key: string; state: string; error_code: string | null }>({
        text: "select trim(text) as key, state, error_code from message where direction = 'outbound'",
      })
      for (const [i, { name, state, code }] of cases.entries()) {
        const row = rows.find(({ key }) => key === keys[i])
        if (row?.state !== state || (code !== undefined && row.error_code !== code))
          broken.push(`${name}: expected ${state} ${code ?? ""}, got ${row?.state} ${row?.error_code ?? ""}`)
      }
      for (const address of new Set(partners.heard)) broken.push(`the server dialled ${address}`)
      return {
        held: "each ends as it must; no address of ours was dialled",
        figure: `${cases.length} ways, ${partners.answered()} requests out, ${partners.heard.length} to addresses of ours: ${summary(found)}`,
        broken: [...broken, ...also],
      }
    })
  } finally {
    partners.close()
    await nameServer.close()
  }
}

/** As if its app had moved there. */
async function moveTo(world: World, channel: number, url: string): Promise<void> {
  const id = parseId("cha", (world.channels[channel] as { id: string }).id)
  await world.db.query({ text: "update channel set webhook_url = $2 where id = $1", values: [id, url] })
}

const at = (host: string): string => `http://${host}:${ports.http}/`
const blocked = (name: string, url: string): Case => ({ name, url, state: "failed", code: "address_blocked" })

const nameCases: Case[] = [
  { name: "a name that is well", url: at("well.test"), state: "sent" },
  { name: "NXDOMAIN", url: at("missing.test"), state: "failed", code: "name_not_found" },
  { name: "SERVFAIL", url: at("broken.test"), state: "failed", code: "name_failed" },
  { name: "an answer after 5 s", url: at("slow.test"), state: "failed", code: "name_failed" },
  { name: "no answer", url: at("silent.test"), state: "failed", code: "name_failed" },
  { name: "public and private mixed", url: at("mixed.test"), state: "sent" },
  { name: "nobody at the public one", url: at("bait.test"), state: "failed" },
  blocked("CNAME to localhost", at("local.test")),
  blocked("a chain to metadata", at("chain.test")),
  blocked("a private network", at("office.test")),
  blocked("IPv4 in IPv6", at("mapped.test")),
  blocked("NAT64 to metadata", at("nat64.test")),
  blocked("localhost itself", at("localhost")),
  blocked("a number", at("0x0a090807")),
  blocked("metadata by address", "http://169.254.169.254:8080/"),
]

/** Names that lie. Replies go on while one of them leads now here, now there. */
const lyingNames = (options: RowOptions): Promise<RowResult> =>
  inNetwork(
    options,
    [...nameCases, { name: "moving", url: at("moving.test"), state: "sent" }],
    async (world, partners, reply) => {
      const channel = nameCases.length
      // An answer is remembered for 5 s at least: over 12 s both addresses are answered.
      for (let i = 0; i < 4; i++) {
        await new Promise((resolve) => setTimeout(resolve, 3_100))
        await reply(channel)
      }
      const [row] = await world.db.query<{ blocked: number }>({
        text: "select count(*)::int as blocked from message where channel_id = $1 and error_code = 'address_blocked'",
        values: [parseId("cha", (world.channels[channel] as { id: string }).id)],
      })
      return row?.blocked === 0 && partners.heard.length === 0 ? ["the moving name was never answered with ours"] : []
    },
  )

const secureAt = (host: string, port: number): string => `https://${host}:${port}/`

const secureCases: Case[] = [
  { name: "a certificate that holds", url: secureAt("hooks.acme.test", ports.https), state: "sent" },
  { name: "expired", url: secureAt("hooks.acme.test", ports.expired), state: "failed", code: "tls_expired" },
  { name: "self-signed", url: secureAt("hooks.acme.test", ports.selfSigned), state: "failed", code: "tls_self_signed" },
  { name: "another's name", url: secureAt("other.acme.test", ports.https), state: "failed", code: "tls_wrong_name" },
  { name: "no TLS there", url: secureAt("hooks.acme.test", ports.http), state: "failed", code: "tls_failed" },
  { name: "refused", url: "http://hooks.acme.test:9/", state: "failed", code: "connection_refused" },
]

/** The row in a network of its own, whatever process it begins in. */
async function inside(number: number, options: RowOptions, act: () => Promise<RowResult>): Promise<RowResult | Cannot> {
  if (isInside()) return await act()
  try {
    const [line = ""] = (await runInside(["--row", String(number), "--seed", String(options.seed), "--json"])).split(
      "\n",
    )
    return JSON.parse(line)
  } catch (error) {
    return { cannot: `a network of its own is refused (${(error as Error).message})` }
  }
}

const badTransport = (options: RowOptions): Promise<RowResult | Cannot> =>
  inside(15, options, async () => {
    const answers = await brokenAnswers(options)
    const secure = await inNetwork(options, secureCases, async () => [])
    return {
      held: secure.held,
      figure: `${answers.figure}; TLS: ${secure.figure}`,
      broken: [...answers.broken, ...secure.broken],
    }
  })

export const networkRows: Row[] = [
  { number: 15, fault: "resets, closes, cuts; bad TLS, old certificates", run: badTransport },
  {
    number: 20,
    fault: "names that lie, stall, move and lead inside",
    run: (options) => inside(20, options, () => lyingNames(options)),
  },
]
