import type { IncomingMessage } from "node:http"
import type { Readable } from "node:stream"
import { attachmentBytesMax, boundaryCharsMax, filePartsMax, partsMax } from "@causeway/contract/limits"
import { Busboy } from "@fastify/busboy"
import type { FileStore, StoredFile } from "../attachments/files.ts"
import { HttpError } from "./errors.ts"
import { nestFields } from "./fields.ts"
import { refuseUnstorable } from "./json.ts"

/** A file that came with a request: stored already, named as the sender named it. */
export interface UploadedFile extends StoredFile {
  filename: string
  contentType: string
}

export interface Form {
  body: Record<string, unknown>
  files: UploadedFile[]
}

/**
 * Reads multipart/form-data: fields in any bracket dialect, files before or after them, with or without Content-Length. Every file part whose
 * name is `fileField`, with or without brackets, is kept; others are read and dropped. The whole body is bounded; a cut or malformed one is a 400.
 */
export async function readForm(
  request: IncomingMessage,
  contentType: string,
  store: FileStore,
  fileField: string,
): Promise<Form> {
  refuseOddBoundary(contentType)
  const fields: [string, string][] = []
  const files: Promise<UploadedFile>[] = []
  const budget = byteBudget(attachmentBytesMax)
  await new Promise<void>((resolve, reject) => {
    const parser = openParser(contentType)
    const open = new Set<Readable>()
    const fail = (error: Error) => {
      request.unpipe(parser)
      request.resume()
      // A file that is being stored hears of no end any more: ending it here is what takes the half file away.
      for (const stream of open) stream.destroy(error)
      reject(error)
    }
    // The parser's types know no part without a name.
    parser.on("file", (name: string | undefined, stream, filename, _encoding, mimeType) => {
      open.add(stream)
      stream.on("close", () => open.delete(stream))
      // The parser tells of a cut within a file on the file alone; an error nobody listens to would end the process.
      const cuts = new Set<unknown>()
      stream.on("error", (error: Error) => cuts.add(error))
      if (name === undefined) {
        stream.resume()
        return fail(new HttpError(400, namelessPart))
      }
      const taken = name === fileField || name.startsWith(`${fileField}[`)
      if (!taken) {
        stream.on("error", (error: Error) => fail(malformed(error))).resume()
        return
      }
      const stored = keep(stream, { filename, contentType: mimeType }, store, budget)
      stored.catch((error: Error) => fail(cuts.has(error) ? malformed(error) : error))
      files.push(stored)
    })
    parser.on("field", (name: string | undefined, value, nameCut, valueCut) => {
      if (name === undefined) return fail(new HttpError(400, namelessPart))
      if (nameCut || valueCut) return fail(new HttpError(413, "Body has a field that is too long"))
      try {
        budget(Buffer.byteLength(value))
        refuseUnstorable(value)
      } catch (error) {
        return fail(error as Error)
      }
      fields.push([name, value])
    })
    for (const limit of ["partsLimit", "filesLimit", "fieldsLimit"] as const) {
      parser.on(limit, () =>
        fail(new HttpError(413, `Body has too many parts (at most ${partsMax}, of them ${filePartsMax} files)`)),
      )
    }
    parser.on("error", (error: unknown) => fail(malformed(error as Error)))
    parser.on("finish", resolve)
    request.on("error", (error) => fail(new HttpError(400, `Body was cut off: ${error.message}`)))
    request.on("aborted", () => fail(new HttpError(400, "Body was cut off")))
    request.pipe(parser)
  })
  return { body: nestFields(fields), files: await Promise.all(files) }
}

const malformed = (error: Error): HttpError =>
  error instanceof HttpError ? error : new HttpError(400, `Body is not well-formed multipart: ${error.message}`)

const namelessPart = "Body is not well-formed multipart: a part has no name"

function openParser(contentType: string): InstanceType<typeof Busboy> {
  try {
    return new Busboy({
      headers: { "content-type": contentType },
      limits: {
        fieldNameSize: 200,
        fieldSize: 4 * 1024 * 1024,
        fields: partsMax,
        files: filePartsMax,
        parts: partsMax,
        headerPairs: 50,
        headerSize: 16 * 1024,
      },
    })
  } catch (error) {
    throw new HttpError(400, `Content-Type is no multipart form: ${(error as Error).message}`)
  }
}

function refuseOddBoundary(contentType: string): void {
  const boundary = /;\s*boundary=(?:"([^"]*)"|([^;\s]*))/i.exec(contentType)
  const text = boundary?.[1] ?? boundary?.[2] ?? ""
  if (text === "") throw new HttpError(400, "Content-Type: multipart/form-data needs a boundary")
  if (text.length > boundaryCharsMax)
    throw new HttpError(400, `Content-Type: the multipart boundary is longer than ${boundaryCharsMax} characters`)
}

async function keep(
  stream: Readable,
  part: { filename: string | undefined; contentType: string },
  store: FileStore,
  budget: (count: number) => void,
): Promise<UploadedFile> {
  const stored = await store.store(stream, budget)
  return { ...stored, filename: nameOf(part.filename), contentType: typeOf(part.contentType) }
}

/** One client percent-encodes the name, so it is decoded once; folders and control characters are no part of a name. */
function nameOf(filename: string | undefined): string {
  const given = decodeOnce(filename ?? "")
  const bare = given.split(/[/\\]/).at(-1) ?? ""
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is removed
  const clean = bare.replace(/[\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069]/g, "").slice(0, 255)
  return clean === "" ? "file" : clean
}

function decodeOnce(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const typeOf = (contentType: string): string =>
  /^[\w.+-]+\/[\w.+-]+$/.test(contentType) ? contentType.toLowerCase() : "application/octet-stream"

/** Counts down from `bytesMax`; the byte too many is a 413. */
function byteBudget(bytesMax: number): (count: number) => void {
  let left = bytesMax
  return (count) => {
    left -= count
    if (left < 0) throw new HttpError(413, `Body is larger than ${bytesMax / 1024 / 1024} MB`)
  }
}
