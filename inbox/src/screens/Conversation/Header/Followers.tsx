import type { ConversationRow } from "@causeway/contract/inbox"
import type { Teammate } from "@causeway/contract/resources/teammate"
import { nameOfTeammate, useFollowers, useTeammates } from "../../../directory.ts"
import { Avatar } from "../../../parts/Avatar.tsx"
import { Notice } from "../../../parts/Notice.tsx"
import { Picker } from "../../../parts/Picker.tsx"
import { Popover } from "../../../parts/Popover.tsx"
import { useSettled } from "../../../settled.ts"
import { words } from "../../../words.ts"
import { useWorkspace } from "../../../workspace.ts"
import { toggleFollow } from "./changes.ts"
import styles from "./Header.module.css"

const said = words.header.follow

/** Who follows, and the way in and out: oneself first, then those who do. */
export function Followers({ row }: { row: ConversationRow }) {
  const { me } = useWorkspace()
  const asked = useFollowers(row.id, row.version, useSettled(row.id))
  const followers = asked.data
  const isMine = followers?.some(({ id }) => id === me)
  return (
    <Popover
      command="follow"
      icon="follow"
      label={followers === undefined ? said.label : said.count(followers.length)}
      className={styles.action}
      text={
        <>
          <span className="said">{said.label}</span>
          <span data-mine={isMine || undefined}>{followers?.length}</span>
        </>
      }
    >
      {() =>
        asked.isError ? (
          <Notice title={said.failed} text={words.unreachable.text} onRetry={() => void asked.refetch()} />
        ) : (
          <Choice row={row} followers={followers ?? []} />
        )
      }
    </Popover>
  )
}

function Choice({ row, followers }: { row: ConversationRow; followers: readonly Teammate[] }) {
  const workspace = useWorkspace()
  const { me } = workspace
  const known = useTeammates().data ?? []
  const following = new Set(followers.map(({ id }) => id))
  const rank = (id: string): number => (id === me ? 0 : following.has(id) ? 1 : 2)
  const options = known
    .filter(({ is_blocked, type }) => !is_blocked && type === "user")
    .map((teammate) => {
      const name = nameOfTeammate(teammate)
      return {
        id: teammate.id,
        label: teammate.id === me ? words.header.assign.me(name) : name,
        isChosen: following.has(teammate.id),
        mark: <Avatar name={name} />,
      }
    })
    .toSorted((a, b) => rank(a.id) - rank(b.id) || a.label.localeCompare(b.label))
  return (
    <>
      <Picker
        label={said.search}
        options={options}
        none={said.none}
        onPick={({ id, label, isChosen }) => void toggleFollow(workspace, row, { id, name: label }, isChosen === true)}
      />
      <p className={styles.hint}>{said.hint}</p>
    </>
  )
}
