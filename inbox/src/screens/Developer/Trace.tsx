import type { TraceStep } from "@causeway/contract/endpoints/log"
import { Link, useNavigate, useSearch } from "@tanstack/react-router"
import { serverNow } from "../../api.ts"
import { developerApi } from "../../developer-api.ts"
import { developerWords } from "../../developer-words.ts"
import { momentOf } from "../../format.ts"
import { Button } from "../../parts/Button.tsx"
import { Icon, type IconName } from "../../parts/Icon.tsx"
import { Notice } from "../../parts/Notice.tsx"
import { Time } from "../../parts/Time.tsx"
import admin from "../Admin/Admin.module.css"
import { Loaded, Page } from "../Admin/Page.tsx"
import { useResource } from "../Admin/resource.ts"
import styles from "./Developer.module.css"
import type { DeveloperSearch } from "./sections.ts"

const said = developerWords.trace

/** "Why didn't it arrive?": one id, the whole way. */
export default function Trace() {
  const { id } = useSearch({ strict: false }) as DeveloperSearch
  const navigate = useNavigate()
  return (
    <Page title={developerWords.shell.sections.trace} lead={said.lead}>
      <form
        className={styles.ask}
        onSubmit={(event) => {
          event.preventDefault()
          const asked = String(new FormData(event.currentTarget).get("id")).trim()
          void navigate({
            to: "/developer/$section",
            params: { section: "trace" },
            search: asked === "" ? {} : { id: asked },
          })
        }}
      >
        <label className={`${admin.select} ${styles.wide}`}>
          <span>{said.label}</span>
          <input
            key={id ?? ""}
            name="id"
            dir="ltr"
            defaultValue={id ?? ""}
            maxLength={300}
            placeholder="msg_… dlv_… req_…"
          />
        </label>
        <Button type="submit" look="primary" icon="search">
          {said.find}
        </Button>
      </form>
      {id !== undefined && <Way key={id} id={id} />}
    </Page>
  )
}

function Way({ id }: { id: string }) {
  const found = useResource(`trace ${id}`, () => developerApi.trace(id))
  return (
    <Loaded from={found}>
      {({ steps, conversation_id }) =>
        steps.length === 0 ? (
          <Notice title={said.nothing} text={said.nothingText} />
        ) : (
          <>
            <ol className={styles.way}>
              {steps.map((step, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: steps have no other name and never move
                <StepLine key={i} step={step} />
              ))}
            </ol>
            {conversation_id !== null && (
              <Link to="/inbox/$view/$conversationId" params={{ view: "open", conversationId: conversation_id }}>
                {said.openConversation}
              </Link>
            )}
          </>
        )
      }
    </Loaded>
  )
}

const icons: Record<TraceStep["state"], IconName> = {
  ok: "sent",
  waiting: "clock",
  failed: "failed",
  unknown: "question",
}

function StepLine({ step }: { step: TraceStep }) {
  const isEntry = step.step === "call" || step.step === "delivery"
  return (
    <li data-state={step.state}>
      <span className={styles.outcome} data-state={step.state}>
        <Icon name={icons[step.state]} /> {said.states[step.state]}
      </span>
      <div className={admin.what}>
        <strong>{said.steps[step.step]}</strong>
        <span>{sentenceOf(step)}</span>
        {step.reason !== null && <span dir="auto">{step.reason}</span>}
        {step.reason !== null && developerWords.log.advice[step.status ?? ""] !== undefined && (
          <span>{developerWords.log.advice[step.status ?? ""]}</span>
        )}
        {isEntry && step.id !== null && (
          <Link to="/developer/$section/$itemId" params={{ section: "log", itemId: step.id }} dir="ltr">
            {step.id}
          </Link>
        )}
      </div>
      {step.at !== null && (
        <Time at={step.at} className={admin.side}>
          {momentOf(step.at, serverNow())}
        </Time>
      )}
    </li>
  )
}

function sentenceOf({ step, what, status, id }: TraceStep): string {
  if (step === "kept") return status === null ? (id ?? "") : `${id} · ${said.external(status)}`
  if (step === "threaded") return status === null ? said.fresh : said.thread(status)
  if (step !== "seen") return [what, status].filter(Boolean).join(" · ")
  const [conversation = "", reply] = (status ?? "").split("/")
  const parts = [
    what === null ? null : said.inbox(what),
    said.status[conversation],
    reply === undefined ? null : said.replies[reply],
  ]
  return parts.filter(Boolean).join(" · ")
}
