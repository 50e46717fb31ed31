import type { AttachmentView } from "@causeway/contract/inbox"
import { attachmentBytesMax } from "@causeway/contract/limits"
import { useEffect, useRef, useState } from "react"
import { removeFile, type Upload, upload } from "../../draft-door.ts"
import { putWritten, readWritten } from "../../drafts.ts"
import { sizeOf } from "../../format.ts"
import { words } from "../../words.ts"
import { tellProblem, useWorkspace } from "../../workspace.ts"

const said = words.writing

/** A file on its way to the draft. It is kept until it is there or taken away, however often it fails. */
export interface Uploading {
  key: string
  file: File
  state: { name: "uploading"; part: number } | { name: "failed" }
}

export interface Files {
  uploading: readonly Uploading[]
  /** Why a file was not taken; null: all were. */
  refused: string | null
  add(files: Iterable<File>): void
  retry(key: string): void
  drop(key: string): void
  remove(file: AttachmentView): void
}

/** Files go to the draft on the server as soon as they are chosen, one after the other, so that they survive a reload and are sent without waiting. */
export function useFiles(conversationId: string, channelId: string | null): Files {
  const workspace = useWorkspace()
  const { me, drafts } = workspace
  const [uploading, setUploading] = useState<readonly Uploading[]>([])
  const [refused, setRefused] = useState<string | null>(null)
  const queue = useRef<Promise<void>>(Promise.resolve())
  const running = useRef(new Map<string, Upload>())
  const isGone = useRef(false)
  useEffect(() => {
    isGone.current = false
    const uploads = running.current
    return () => {
      isGone.current = true
      for (const one of uploads.values()) one.cancel()
    }
  }, [])

  const put = (key: string, state: Uploading["state"] | null): void =>
    setUploading((all) => all.flatMap((one) => (one.key !== key ? one : state === null ? [] : { ...one, state })))

  function start(key: string, file: File): void {
    put(key, { name: "uploading", part: 0 })
    queue.current = queue.current.then(() => bring(key, file))
  }

  async function bring(key: string, file: File): Promise<void> {
    if (isGone.current || channelId === null) return
    try {
      const draftId = await drafts.hold(conversationId)
      const { body } = readWritten(me, conversationId)
      const one = upload({ draftId, channelId, body }, file, (part) => put(key, { name: "uploading", part }))
      running.current.set(key, one)
      const { version, files } = await one.done
      putWritten(me, conversationId, { version, savedBody: body, files }, { bySync: true })
      put(key, null)
    } catch {
      put(key, { name: "failed" })
    } finally {
      running.current.delete(key)
      drafts.release(conversationId)
    }
  }

  return {
    uploading,
    refused,
    add(files) {
      setRefused(null)
      const sizes = [...readWritten(me, conversationId).files, ...uploading.map(({ file }) => file)]
      let total = sizes.reduce((sum, { size }) => sum + size, 0)
      for (const file of files) {
        if (total + file.size > attachmentBytesMax) {
          setRefused(said.tooLarge(file.name, sizeOf(total + file.size)))
          continue
        }
        total += file.size
        const key = crypto.randomUUID()
        setUploading((all) => [...all, { key, file, state: { name: "uploading", part: 0 } }])
        start(key, file)
      }
    },
    retry(key) {
      const one = uploading.find((other) => other.key === key)
      if (one !== undefined) start(key, one.file)
    },
    drop(key) {
      running.current.get(key)?.cancel()
      put(key, null)
    },
    remove(file) {
      const { serverId, body, files } = readWritten(me, conversationId)
      if (serverId === null || channelId === null) return
      const kept = files.filter(({ id }) => id !== file.id)
      removeFile(serverId, { channelId, body }, kept).then(
        ({ version, files: left }) => putWritten(me, conversationId, { version, savedBody: body, files: left }),
        (error: unknown) => tellProblem(workspace, error),
      )
    },
  }
}
