import type { ConversationRow } from "@causeway/contract/inbox"
import { nameOfTeammate, useTeammates, useTeams } from "../../../directory.ts"
import { Avatar } from "../../../parts/Avatar.tsx"
import { Picker, type PickerOption } from "../../../parts/Picker.tsx"
import { Popover } from "../../../parts/Popover.tsx"
import { words } from "../../../words.ts"
import { useWorkspace } from "../../../workspace.ts"
import { assign } from "./changes.ts"
import styles from "./Header.module.css"

const said = words.header.assign
const nobody = "nobody"

/** Gives the conversation to a teammate, found by name, address or team, or to nobody. */
export function Assign({ row }: { row: ConversationRow }) {
  const name = row.assignee?.name
  return (
    <Popover
      command="assign"
      icon="mine"
      label={name === undefined ? said.label : said.to(name)}
      className={styles.action}
      text={<span className={styles.label}>{name ?? said.label}</span>}
    >
      {(close) => <Choice row={row} onDone={close} />}
    </Popover>
  )
}

function Choice({ row, onDone }: { row: ConversationRow; onDone(): void }) {
  const workspace = useWorkspace()
  const options = useOptions(row, workspace.me)
  const pick = ({ id, label }: PickerOption) => {
    onDone()
    void assign(workspace, row, id === nobody ? null : { id, name: label })
  }
  return <Picker label={said.search} options={options} none={said.none} onPick={pick} />
}

/** Oneself first, then nobody, then everybody else who is let in. */
function useOptions(row: ConversationRow, me: string): PickerOption[] {
  const teammates = useTeammates().data ?? []
  const teams = useTeams().data ?? []
  const people = teammates
    .filter(({ is_blocked, type }) => !is_blocked && type === "user")
    .map((teammate): PickerOption => {
      const name = nameOfTeammate(teammate)
      const of = teams.filter(({ members }) => members.some(({ id }) => id === teammate.id)).map((team) => team.name)
      return {
        id: teammate.id,
        label: teammate.id === me ? said.me(name) : name,
        hint: [...of, ...(teammate.is_available ? [] : [said.away])].join(" · "),
        isChosen: row.assignee?.id === teammate.id,
        mark: <Avatar name={name} />,
      }
    })
  const mine = people.filter(({ id }) => id === me)
  const others = people.filter(({ id }) => id !== me).toSorted((a, b) => a.label.localeCompare(b.label))
  return [
    ...mine,
    { id: nobody, label: said.nobody, isChosen: row.assignee === null, mark: <Avatar name="–" isFaded /> },
    ...others,
  ]
}
