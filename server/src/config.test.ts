import { resolve } from "node:path"
import { expect, test } from "vitest"
import { type Config, ConfigError, isExposed, readConfig } from "./config.ts"

test("without a word said, it listens on loopback port 7400 and keeps its data in ./data", () => {
  expect(readConfig([], {})).toEqual({
    port: 7400,
    host: "127.0.0.1",
    dataDir: resolve("data"),
    databaseUrl: null,
    databaseOwnerUrl: null,
    publicUrl: null,
    trustedProxies: [],
    tls: null,
    secretKey: null,
    allowHosts: [],
    clamd: null,
    demo: false,
    json: false,
    heldClock: false,
    keepDeliveriesDays: 30,
    keepsOnDevices: true,
    mail: null,
    provider: null,
    strictLimits: false,
    simulator: true,
  })
})

test("a certificate and its key come together, and others who reach a server without them are a reason to say so", () => {
  const read = (env: Record<string, string>) => readConfig([], env) as Config
  expect(read({ CAUSEWAY_TLS_CERT: "/a.pem", CAUSEWAY_TLS_KEY: "/a.key" }).tls).toEqual({
    certificate: "/a.pem",
    key: "/a.key",
  })
  expect(() => read({ CAUSEWAY_TLS_CERT: "/a.pem" })).toThrow("CAUSEWAY_TLS_KEY must be set as well")
  expect(() => read({ CAUSEWAY_TLS_KEY: "/a.key" })).toThrow("CAUSEWAY_TLS_CERT must be set as well")
  const open = { CAUSEWAY_HOST: "0.0.0.0" }
  const exposed = [
    {},
    open,
    { ...open, CAUSEWAY_TLS_CERT: "/a.pem", CAUSEWAY_TLS_KEY: "/a.key" },
    { ...open, CAUSEWAY_PUBLIC_URL: "https://inbox.example.com" },
    { ...open, CAUSEWAY_PUBLIC_URL: "http://inbox.example.com" },
    { ...open, CAUSEWAY_TRUSTED_PROXIES: "loopback" },
  ].map((env) => isExposed(read(env)))
  expect(exposed).toEqual([false, true, false, false, true, false])
})

test("a virus scanner is a host with its port, or the path of a socket", () => {
  const read = (CAUSEWAY_CLAMD: string) => (readConfig([], { CAUSEWAY_CLAMD }) as Config).clamd
  expect(read("127.0.0.1:3310")).toEqual({ host: "127.0.0.1", port: 3310 })
  expect(read("[::1]:3310")).toEqual({ host: "::1", port: 3310 })
  expect(read("/run/clamav/clamd.ctl")).toEqual({ path: "/run/clamav/clamd.ctl" })
  for (const odd of ["clamav", "tcp://clamav:3310", "clamav:0", "clamav:99999", "::1:3310"])
    expect(() => read(odd)).toThrow(`CAUSEWAY_CLAMD must be host:port, or the path of clamd's socket (was "${odd}")`)
})

test("strict limits are an option, or a variable that is 1 or 0", () => {
  const strict = (args: string[], env: Record<string, string>) => {
    const config = readConfig(args, env)
    return config !== "help" && config.strictLimits
  }
  expect(strict(["--strict-limits"], {})).toBe(true)
  expect(strict([], { CAUSEWAY_STRICT_LIMITS: "1" })).toBe(true)
  expect(strict([], { CAUSEWAY_STRICT_LIMITS: "0" })).toBe(false)
  expect(() => strict([], { CAUSEWAY_STRICT_LIMITS: "yes" })).toThrow(
    'CAUSEWAY_STRICT_LIMITS must be 1 or 0 (was "yes")',
  )
})

test("channels may be simulated where only this machine reaches the server, and elsewhere when that is said", () => {
  const simulates = (env: Record<string, string>) => {
    const config = readConfig([], env)
    return config !== "help" && config.simulator
  }
  expect([
    simulates({}),
    simulates({ CAUSEWAY_SIMULATOR: "0" }),
    simulates({ CAUSEWAY_HOST: "0.0.0.0" }),
    simulates({ CAUSEWAY_HOST: "0.0.0.0", CAUSEWAY_SIMULATOR: "1" }),
  ]).toEqual([true, false, false, true])
})

test("finished deliveries are kept for thirty days, or as many as the operator says", () => {
  const days = (value: string) => {
    const config = readConfig([], { CAUSEWAY_KEEP_DELIVERIES_DAYS: value })
    return config !== "help" && config.keepDeliveriesDays
  }
  expect([days(""), days("7"), days("365")]).toEqual([30, 7, 365])
  for (const bad of ["0", "-1", "1.5", "soon", "100000"])
    expect(() => days(bad)).toThrow(`must be a number of days from 1 to 99999 (was "${bad}")`)
})

test("everything can be said by the environment, and options win over it", () => {
  const env = {
    CAUSEWAY_PORT: "7500",
    CAUSEWAY_HOST: "0.0.0.0",
    CAUSEWAY_DATA: "/srv/a",
    DATABASE_URL: "postgres://u:p@db/causeway",
    CAUSEWAY_PUBLIC_URL: "https://inbox.example.com/",
    CAUSEWAY_SECRET_KEY: "ab".repeat(32),
    CAUSEWAY_TRUSTED_PROXIES: "loopback, 10.0.0.0/8",
    CAUSEWAY_ALLOW_HOSTS: "sms.internal, 10.0.0.7:8080",
  }
  expect(readConfig([], env)).toMatchObject({
    port: 7500,
    host: "0.0.0.0",
    dataDir: "/srv/a",
    databaseUrl: "postgres://u:p@db/causeway",
    publicUrl: "https://inbox.example.com",
    trustedProxies: ["loopback", "10.0.0.0/8"],
    secretKey: "ab".repeat(32),
    allowHosts: ["sms.internal", "10.0.0.7:8080"],
  })
  const args = ["--port", "0", "--host=::1", "--data", "/srv/b", "--demo", "--json", "--held-clock"]
  expect(readConfig(args, env)).toMatchObject({
    port: 0,
    host: "::1",
    dataDir: "/srv/b",
    demo: true,
    json: true,
    heldClock: true,
  })
})

test("an empty variable is one that was not set", () => {
  const env = { CAUSEWAY_PORT: "", CAUSEWAY_HOST: "", CAUSEWAY_DATA: "", DATABASE_URL: "", CAUSEWAY_PUBLIC_URL: "" }
  expect(readConfig([], env)).toEqual(readConfig([], {}))
})

test("--help wants the usage only", () => {
  expect(readConfig(["--help"], {})).toBe("help")
})

test.each<[string, string[], Record<string, string>, string]>([
  [
    "a port that is none",
    ["--port", "http"],
    {},
    '--port must be a port from 0 to 65535 (was "http"). Example: --port 7400',
  ],
  [
    "a port too high",
    [],
    { CAUSEWAY_PORT: "65536" },
    'CAUSEWAY_PORT must be a port from 0 to 65535 (was "65536"). Example: CAUSEWAY_PORT=7400',
  ],
  [
    "a host with a port",
    ["--host", "http://x"],
    {},
    '--host must be an address or a name without a port (was "http://x")',
  ],
  [
    "a data directory of spaces",
    ["--data", " "],
    {},
    '--data must be a directory (was " "). Example: --data /srv/causeway',
  ],
  [
    "another database",
    [],
    { DATABASE_URL: "mysql://u:secret@db/x" },
    'DATABASE_URL must begin with postgres:// (was "mysql://u:se…")',
  ],
  [
    "a public URL with a path",
    [],
    { CAUSEWAY_PUBLIC_URL: "https://x.example/app" },
    "CAUSEWAY_PUBLIC_URL must be http:// or https:// and a host, without a path",
  ],
  [
    "a public URL that is none",
    [],
    { CAUSEWAY_PUBLIC_URL: "x.example" },
    '(was "x.example"). Example: CAUSEWAY_PUBLIC_URL=https://inbox.example.com',
  ],
  [
    "a proxy that is no address",
    [],
    { CAUSEWAY_TRUSTED_PROXIES: "loopback,proxy.internal" },
    'CAUSEWAY_TRUSTED_PROXIES must list addresses, ranges or "loopback" (proxy.internal is no address',
  ],
  ["an unknown option", ["--prot", "1"], {}, "--prot"],
  ["a value too many", ["7400"], {}, "7400"],
  [
    "a held clock for everyone",
    ["--held-clock", "--host", "0.0.0.0"],
    {},
    "--held-clock needs a loopback --host (was 0.0.0.0)",
  ],
])("%s stops the start with its name, what was given and an example", (_, args, env, sentence) => {
  expect(() => readConfig(args, env)).toThrow(ConfigError)
  expect(() => readConfig(args, env)).toThrow(sentence)
  expect(() => readConfig(args, env)).toThrow("Example: ")
})

test("a mail server and an identity provider are read whole or not at all", () => {
  const read = (env: Record<string, string>) => {
    const config = readConfig([], env)
    return config === "help" ? null : [config.mail, config.provider]
  }
  const mail = { CAUSEWAY_SMTP_URL: "smtps://a:b@mail.test", CAUSEWAY_SMTP_FROM: "Acme <inbox@acme.test>" }
  const provider = {
    CAUSEWAY_OIDC_ISSUER: "https://login.acme.test/acme",
    CAUSEWAY_OIDC_CLIENT_ID: "causeway",
    CAUSEWAY_OIDC_CLIENT_SECRET: "secret",
  }
  expect(read({ ...mail, ...provider })).toEqual([
    { url: "smtps://a:b@mail.test", from: "Acme <inbox@acme.test>" },
    {
      issuer: "https://login.acme.test/acme",
      clientId: "causeway",
      clientSecret: "secret",
      name: "login.acme.test",
      sessionHours: 24,
    },
  ])
  for (const [wrong, sentence] of [
    [{ ...mail, CAUSEWAY_SMTP_URL: "mail.test" }, "CAUSEWAY_SMTP_URL must be smtp://"],
    [{ ...mail, CAUSEWAY_SMTP_URL: "smtp://mail.test?tls=no" }, "CAUSEWAY_SMTP_URL may end in ?tls=optional"],
    [{ ...mail, CAUSEWAY_SMTP_FROM: "Acme" }, 'CAUSEWAY_SMTP_FROM must say who mails are from (was "Acme")'],
    [{ ...provider, CAUSEWAY_OIDC_ISSUER: "http://login.acme.test" }, "CAUSEWAY_OIDC_ISSUER must be https://"],
    [{ ...provider, CAUSEWAY_OIDC_SESSION_HOURS: "0" }, "CAUSEWAY_OIDC_SESSION_HOURS must be a number of hours from 1"],
    [{ ...provider, CAUSEWAY_OIDC_SESSION_HOURS: "2161" }, "from 1 to 2160"],
    [{ ...provider, CAUSEWAY_OIDC_CLIENT_SECRET: "" }, "CAUSEWAY_OIDC_CLIENT_SECRET must be set"],
  ] as const)
    expect(() => read(wrong)).toThrow(sentence)
})
