import { expect, test } from "vitest"
import { changesBetween, type Manifest, printManifest, readManifest } from "./manifest.ts"

const manifest: Manifest = {
  name: "Acme: SMS #1",
  webhook_url: "https://hooks.acme.test/",
  contact_type: "phone",
  composer: "basic",
  features: ["compose", "reply"],
  strict: false,
  server_auth: { type: "none" },
}

test("a manifest reads back as it was printed, as YAML and as JSON", () => {
  expect(readManifest(printManifest(manifest))).toEqual({ manifest })
  expect(readManifest(JSON.stringify(manifest, null, 2))).toEqual({ manifest })
})

test("people may write it their way: comments, quotes, lists in one line", () => {
  const read = readManifest(`# ours
name: 'Acme''s'   # the name
webhook_url: https://a.test/
features: [reply, "calls"]
server_auth:
    type: api_key
`)
  expect(read).toEqual({
    manifest: {
      name: "Acme's",
      webhook_url: "https://a.test/",
      features: ["reply", "calls"],
      server_auth: { type: "api_key" },
    },
  })
})

test.each([
  ["name: A\nwebhook_url: https://a.test/\ncolour: red\n", 3, /colour/],
  ["name: A\nwebhook_url: https://a.test/\ncomposer: fancy\n", 3, /basic, advanced/],
  ["name: A\n", 1, /webhook_url/],
  ["name: A\nnonsense\n", 2, /neither/],
  ["name: A\nserver_auth:\n\ttype: none\n", 3, /tabs/],
  ['name: "A\nwebhook_url: https://a.test/\n', 1, /./],
  ['{\n  "name": "A",\n  "webhook_url": 5\n}', 3, /https/],
])("what is wrong is said by its line (%#)", (text, line, problem) => {
  const read = readManifest(text)
  expect("problems" in read && read.problems).toEqual([{ line, problem: expect.stringMatching(problem) }])
})

test("what will change is shown before it is saved", () => {
  expect(changesBetween(manifest, { ...manifest, features: ["reply"] })).toEqual([
    { name: "features", before: '["compose","reply"]', after: '["reply"]' },
  ])
  expect(changesBetween(manifest, { name: manifest.name ?? "" })).toEqual([])
})
