import type { AttachmentView, DraftList, DraftView } from "@causeway/contract/inbox"
import type { Message } from "@causeway/contract/resources/message"
import { ApiError, at, request } from "./api.ts"
import type { DraftDoor, KeptDraft } from "./draft-sync.ts"

/** Drafts over the vendor's operations, which answer with the vendor's Message. */
function keptOf(message: Message): KeptDraft {
  const files = message.attachments.map(
    (file): AttachmentView => ({
      id: file.id,
      filename: file.filename,
      url: new URL(file.url).pathname,
      content_type: file.content_type,
      size: file.size,
      is_inline: false,
    }),
  )
  return { id: message.id ?? "", version: message.version ?? "", files }
}

// A body of no words is kept for the files it comes with.
const bodyOf = (body: string): string => (body === "" ? "<p></p>" : body)

export const draftDoor: DraftDoor = {
  create: async (conversationId, channelId, body) =>
    keptOf(
      await request(at`/conversations/${conversationId}/drafts`, {
        method: "POST",
        body: { channel_id: channelId, body: bodyOf(body), mode: "shared" },
      }),
    ),
  change: async (id, { channelId, body, version, authorId }) =>
    keptOf(
      await request(at`/drafts/${id}`, {
        method: "PATCH",
        body: {
          channel_id: channelId,
          body: bodyOf(body),
          mode: "shared",
          ...(version !== undefined && { version }),
          ...(authorId !== undefined && { author_id: authorId }),
        },
      }),
    ),
  remove: (id, version) => request(at`/drafts/${id}`, { method: "DELETE", body: { version } }),
  list: async (conversationId): Promise<DraftView[]> =>
    (await request<DraftList>(at`/causeway/conversations/${conversationId}/drafts`)).drafts,
}

export interface Upload {
  done: Promise<KeptDraft>
  cancel(): void
}

/** Brings one file to a draft. `onProgress` hears 0 to 1. By XMLHttpRequest: fetch tells nothing of what has left. */
export function upload(
  target: { draftId: string; channelId: string; body: string },
  file: File,
  onProgress: (part: number) => void,
): Upload {
  const form = new FormData()
  form.set("channel_id", target.channelId)
  form.set("body", bodyOf(target.body))
  form.set("mode", "shared")
  form.set("attachments[0]", file, file.name)
  const xhr = new XMLHttpRequest()
  xhr.open("PATCH", at`/drafts/${target.draftId}`)
  xhr.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 0 : loaded / total)
  const done = new Promise<KeptDraft>((resolve, reject) => {
    xhr.onload = () => {
      if (xhr.status === 200) resolve(keptOf(JSON.parse(xhr.responseText) as Message))
      else reject(new ApiError(xhr.status, `The server answered ${xhr.status}`))
    }
    xhr.onerror = () => reject(new ApiError(0, "The server did not answer"))
    xhr.onabort = () => reject(new ApiError(0, "Cancelled"))
  })
  xhr.send(form)
  return { done, cancel: () => xhr.abort() }
}

/** Takes a file away from a draft; the others stay. */
export const removeFile = async (
  draftId: string,
  target: { channelId: string; body: string },
  kept: readonly AttachmentView[],
): Promise<KeptDraft> =>
  keptOf(
    await request(at`/drafts/${draftId}`, {
      method: "PATCH",
      body: {
        channel_id: target.channelId,
        body: bodyOf(target.body),
        attachment_ids: kept.map(({ id }) => id),
      },
    }),
  )
