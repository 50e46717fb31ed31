import { api, type Json, seg } from "../api.ts"
import type { Command, Option } from "../command.ts"
import { exit, usageFailure } from "../failure.ts"
import { table } from "../text.ts"
import { parseJson } from "./calls.ts"
import { channelOf } from "./channels.ts"
import { readInput } from "./messages.ts"

const options: Record<string, Option> = { channel: { value: "ID", text: "the channel (CAUSEWAY_CHANNEL_ID)" } }

export const list: Command = {
  options,
  examples: ["causeway templates list --channel cha_8zk"],
  async run(call) {
    const { body } = await api(call, "GET", `/causeway/channels/${seg(channelOf(call))}/templates`)
    const rows = body.templates.map((one: Json) => [
      one.external_id,
      one.name,
      one.status_name,
      one.is_disabled ? "off" : "on",
    ])
    call.show(
      body.templates,
      table(["EXTERNAL ID", "NAME", "STATUS", "SWITCH"], rows, "no template yet: causeway templates sync"),
    )
    return exit.ok
  },
}

export const sync: Command = {
  args: ["file"],
  options,
  more: `The file is JSON: a list of {"external_id", "name", "blurb", "is_disabled", "status_name": "APPROVED"|"PENDING"|"REJECTED",
"variable_mappings": [{"uid", "type", "name"}], "template_preview"}. One with the same external_id is replaced.`,
  examples: ["causeway templates sync templates.json --channel cha_8zk"],
  async run(call) {
    const templates = parseJson(new TextDecoder().decode(await readInput(call, call.arg(0))), call.arg(0))
    if (!Array.isArray(templates)) throw usageFailure(`${call.arg(0)} must hold a list`, this.examples[0] as string)
    for (const template of templates) {
      const { body } = await api(call, "PUT", `/channels/${seg(channelOf(call))}/application_message_templates`, {
        body: template,
      })
      call.show({ external_id: template.external_id, ...body }, `kept ${template.external_id}\n`)
    }
    return exit.ok
  },
}

export const disable: Command = {
  args: ["external_id"],
  options,
  examples: ["causeway templates disable order_shipped --channel cha_8zk"],
  async run(call) {
    const path = `/channels/${seg(channelOf(call))}/application_message_templates/${seg(call.arg(0))}`
    const { body } = await api(call, "PATCH", path, { body: { is_disabled: true } })
    call.show({ external_id: call.arg(0), ...body }, `${call.arg(0)} is off\n`)
    return exit.ok
  },
}
