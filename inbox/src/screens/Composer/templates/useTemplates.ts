import type { ChannelView } from "@causeway/contract/inbox"
import type { MessageTemplate } from "@causeway/contract/resources/message-template"
import type { Signature } from "@causeway/contract/resources/signature"
import type { TemplateView } from "@causeway/contract/resources/template"
import { useQuery } from "@tanstack/react-query"
import { api, at, request } from "../../../api.ts"
import { inertBody } from "../../../trusted.ts"

/** Something to answer with: a template of the channel's provider, an answer that teammates keep, a signature. */
export type Item =
  | { kind: "template"; id: string; name: string; blurb: string; template: TemplateView }
  | { kind: "saved" | "signature"; id: string; name: string; blurb: string; html: string }

const textOf = (html: string): string => inertBody(html).textContent?.trim() ?? ""

const kept = (kind: "saved" | "signature", { id, name, body }: { id: string; name: string; body: string }): Item => ({
  kind,
  id,
  name,
  blurb: textOf(body).slice(0, 200),
  html: body,
})

/** Everything that can be inserted or sent in this channel. Signatures belong to e-mail alone. */
export function useTemplates(channel: ChannelView | null, me: string) {
  return useQuery({
    queryKey: ["composer-templates", channel?.id ?? null],
    queryFn: async (): Promise<Item[]> => {
      const [templates, saved, signatures] = await Promise.all([
        channel === null ? [] : api.templates(channel.id).then((answer) => answer.templates),
        request<{ _results: MessageTemplate[] }>("/message_templates?limit=100").then((page) => page._results),
        channel?.contact_type === "email"
          ? request<{ _results: Signature[] }>(at`/teammates/${me}/signatures`).then((page) => page._results)
          : [],
      ])
      return [
        ...templates.map(
          (template): Item => ({
            kind: "template",
            id: template.id,
            name: template.name,
            blurb: template.blurb || textOf(template.preview),
            template,
          }),
        ),
        ...saved.map((one) => kept("saved", one)),
        ...signatures.map((one) => kept("signature", { id: one.id, name: one.name ?? "", body: one.body })),
      ]
    },
  })
}

export type Group = "ready" | "waiting" | "refused" | "saved" | "signature"

export const groupOf = (item: Item): Group => (item.kind === "template" ? item.template.state : item.kind)
