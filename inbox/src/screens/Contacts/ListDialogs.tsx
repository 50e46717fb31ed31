import type { CountedList } from "@causeway/contract/endpoints/contact-book"
import { nameCharsMax } from "@causeway/contract/limits"
import { useNavigate } from "@tanstack/react-router"
import { useId, useState } from "react"
import { contacts } from "../../contacts.ts"
import { contactsWords } from "../../contacts-words.ts"
import { laterWords } from "../../later-words.ts"
import { Button } from "../../parts/Button.tsx"
import { Dialog } from "../../parts/Dialog.tsx"
import { Field } from "../../parts/Field.tsx"
import { useWorkspace } from "../../workspace.ts"
import { useContactForm } from "../Contact/useContactChange.ts"
import dialogStyles from "./Dialogs.module.css"
import textStyles from "./Text.module.css"

const said = contactsWords.lists
const { cancel, save } = laterWords.contact

interface NameDialogProps {
  title: string
  submit: string
  name?: string
  /** Whether it may be for oneself alone. */
  canBeOwn: boolean
  isBusy: boolean
  problem: string | null
  onSubmit(name: string, isOwn: boolean): void
  onClose(): void
}

function NameDialog({ title, submit, name, canBeOwn, isBusy, problem, onSubmit, onClose }: NameDialogProps) {
  const form = useId()
  return (
    <Dialog
      title={title}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{cancel}</Button>
          <Button look="primary" type="submit" form={form} disabled={isBusy}>
            {submit}
          </Button>
        </>
      }
    >
      <form
        id={form}
        className={dialogStyles.form}
        onSubmit={(event) => {
          event.preventDefault()
          const data = new FormData(event.currentTarget)
          onSubmit(String(data.get("name")).trim(), data.get("own") === "on")
        }}
      >
        <Field
          name="name"
          label={said.name}
          autoComplete="off"
          maxLength={nameCharsMax}
          isFirst
          {...(name !== undefined && { defaultValue: name })}
          {...(problem !== null && { error: problem })}
        />
        {canBeOwn && (
          <label className={dialogStyles.check}>
            <input type="checkbox" name="own" /> {said.onlyMine}
          </label>
        )}
      </form>
    </Dialog>
  )
}

/** A list for everybody or for oneself; afterwards it is shown. */
export function NewList({ onClose }: { onClose(): void }) {
  const { me } = useWorkspace()
  const navigate = useNavigate()
  const { run, ...state } = useContactForm(null)
  async function create(name: string, isOwn: boolean): Promise<void> {
    const made = await run(
      () => contacts.createList(name, isOwn ? me : null),
      () => said.made(name),
    )
    if (made === null) return
    onClose()
    void navigate({ to: "/contacts", search: { list: made.answer } })
  }
  return (
    <NameDialog
      title={said.newTitle}
      submit={said.create}
      canBeOwn
      {...state}
      onSubmit={(name, isOwn) => void create(name, isOwn)}
      onClose={onClose}
    />
  )
}

/** What can be done with the list that is shown. */
export function ListActions({ list }: { list: CountedList }) {
  const [open, setOpen] = useState<"rename" | "remove" | null>(null)
  const close = () => setOpen(null)
  return (
    <>
      <Button look="quiet" icon="pen" onClick={() => setOpen("rename")}>
        {said.rename}
      </Button>
      <Button look="quiet" icon="trash" onClick={() => setOpen("remove")}>
        {said.remove}
      </Button>
      {open === "rename" && <Rename list={list} onClose={close} />}
      {open === "remove" && <Remove list={list} onClose={close} />}
    </>
  )
}

function Rename({ list, onClose }: { list: CountedList; onClose(): void }) {
  const { run, ...state } = useContactForm(null)
  async function rename(name: string): Promise<void> {
    const done =
      name === list.name ||
      (await run(
        () => contacts.renameList(list.id, name),
        () => said.renamed(name),
      ))
    if (done) onClose()
  }
  return (
    <NameDialog
      title={said.renameTitle}
      submit={save}
      name={list.name}
      canBeOwn={false}
      {...state}
      onSubmit={(name) => void rename(name)}
      onClose={onClose}
    />
  )
}

function Remove({ list, onClose }: { list: CountedList; onClose(): void }) {
  const navigate = useNavigate()
  const { run, isBusy, problem } = useContactForm(null)
  async function remove(): Promise<void> {
    const done = await run(
      () => contacts.removeList(list.id),
      () => said.removed(list.name),
    )
    if (done === null) return
    onClose()
    void navigate({ to: "/contacts", search: {} })
  }
  return (
    <Dialog
      title={said.removeTitle(list.name)}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{cancel}</Button>
          <Button look="primary" disabled={isBusy} onClick={() => void remove()}>
            {said.remove}
          </Button>
        </>
      }
    >
      <p>{said.removeText(list.contact_count)}</p>
      {problem !== null && (
        <p role="alert" className={textStyles.problem}>
          {problem}
        </p>
      )}
    </Dialog>
  )
}
