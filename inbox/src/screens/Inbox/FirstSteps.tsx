import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { api } from "../../api.ts"
import { firstToken } from "../../first-token.ts"
import { plainList } from "../../lists.ts"
import { Button } from "../../parts/Button.tsx"
import { Notice } from "../../parts/Notice.tsx"
import { useValue } from "../../value.ts"
import { words } from "../../words.ts"
import styles from "./FirstSteps.module.css"

/** An open view with nothing in it: on the first day how to fill it, later that all is done. */
export default function FirstSteps({ title, text }: { title: string; text: string }) {
  const archived = useQuery({
    queryKey: ["unused"],
    queryFn: async () => (await api.conversations(plainList("archived"), { from: "top" }, 1)).total,
  })
  const isUnused = archived.data === 0
  const token = useValue(firstToken)
  if (!isUnused) return <Notice title={title} text={text} />
  return (
    <Notice title={words.first.title} text={words.first.text}>
      {token !== null && <Token token={token} />}
    </Notice>
  )
}

function Token({ token }: { token: string }) {
  const [isCopied, setIsCopied] = useState(false)
  return (
    <div className={styles.token}>
      <h3>{words.first.tokenTitle}</h3>
      <p>{words.first.tokenText}</p>
      <code>{token}</code>
      <Button
        onClick={async () => {
          await navigator.clipboard.writeText(token)
          setIsCopied(true)
        }}
      >
        {isCopied ? words.first.copied : words.first.copy}
      </Button>
    </div>
  )
}
