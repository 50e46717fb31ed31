import type { RuleView } from "@causeway/contract/endpoints/rules"
import { Link } from "@tanstack/react-router"
import { adminWords } from "../../../admin-words.ts"
import { Notice } from "../../../parts/Notice.tsx"
import { rulesApi } from "../../../rules-api.ts"
import { Loaded, Page } from "../Page.tsx"
import { useResource } from "../resource.ts"
import { type Choices, useChoices } from "./choices.ts"
import { RuleForm } from "./RuleForm.tsx"

const said = adminWords.rules

/** One rule to be changed; null: a new one. */
export function RulePage({ id }: { id: string | null }) {
  const rules = useResource("rules", rulesApi.list, { of: ["rule"] })
  const choices = useChoices()
  return (
    <Loaded from={choices === null ? { ...rules, data: undefined } : rules}>
      {({ rules: list }) => <Known id={id} rules={list} choices={choices as Choices} />}
    </Loaded>
  )
}

function Known({ id, rules, choices }: { id: string | null; rules: readonly RuleView[]; choices: Choices }) {
  const rule = rules.find((each) => each.id === id) ?? null
  const title = id === null ? said.newTitle : (rule?.name ?? said.goneTitle)
  const toList = (
    <Link to="/admin/$section" params={{ section: "rules" }}>
      {said.toList}
    </Link>
  )
  return (
    <Page title={title} lead={said.pageLead} actions={toList}>
      {id !== null && rule === null ? (
        <Notice title={said.goneTitle} text={said.goneText} />
      ) : (
        <RuleForm rule={rule} rules={rules} choices={choices} />
      )}
    </Page>
  )
}
