import { execFile } from "node:child_process"
import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { promisify } from "node:util"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { temporaryDir } from "./database.ts"
import { findReference } from "./reference.ts"
import { type Story, startStory } from "./story.ts"

const run = promisify(execFile)
const newman = ["--yes", "newman@6.2.1"]
const collection = findReference("channel-api.postman.json")

/** npx fetches newman when the machine has it not yet; where it cannot, there is nothing to run. */
async function whyNoNewman(): Promise<string | null> {
  try {
    await run("npx", [...newman, "--version"], { timeout: 120_000 })
    return null
  } catch (error) {
    return String((error as Error).message).slice(0, 300)
  }
}

describe.skipIf(collection === null)("the vendor's Postman collection", () => {
  let story: Story
  beforeAll(async () => {
    story = await startStory()
  })
  afterAll(() => story?.close())

  test(
    "both Channel API requests, with its own pre-request script and a real channel, are answered 202 with a uid",
    {
      timeout: 180_000,
    },
    async (context) => {
      const missing = await whyNoNewman()
      if (missing !== null) {
        process.stderr.write(`SKIPPED: newman cannot be had here (${missing})\n`)
        context.skip()
      }
      const folder = await temporaryDir("postman")
      const report = join(folder, "report.json")
      const given = await readFile(collection as string, "utf8")
      await writeFile(join(folder, "collection.json"), given.replaceAll('"cha_123"', JSON.stringify(story.channelId)))
      await writeFile(
        join(folder, "environment.json"),
        JSON.stringify({
          name: "test",
          values: Object.entries({
            baseUrl: story.server.url,
            secretKey: story.app.secret,
            channelTypeId: story.app.uid,
            channelId: story.channelId,
          }).map(([key, value]) => ({ key, value, enabled: true })),
        }),
      )
      await run(
        "npx",
        [
          ...newman,
          ...["run", join(folder, "collection.json"), "--folder", "channels/{channel id}"],
          ...["--environment", join(folder, "environment.json"), "--env-var", `baseUrl=${story.server.url}`],
          ...["--reporters", "json", "--reporter-json-export", report],
        ],
        { timeout: 60_000 },
      )
      const { executions } = JSON.parse(await readFile(report, "utf8")).run
      const answers = executions.map((execution: { response: { code: number; stream: { data: number[] } } }) => ({
        status: execution.response.code,
        body: JSON.parse(Buffer.from(execution.response.stream.data).toString()),
      }))
      expect(answers).toEqual([
        { status: 202, body: { status: "accepted", message_uid: expect.stringMatching(/^[0-9a-z]{32}$/) } },
        { status: 202, body: { status: "accepted", message_uid: expect.stringMatching(/^[0-9a-z]{32}$/) } },
      ])
    },
  )
})
