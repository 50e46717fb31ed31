import { type Story, unique } from "../story.ts"

/** Kinds of files that some browser has run, rendered, or taken for something else. */
export const kinds: [name: string, type: string][] = [
  ..."html htm shtml xhtml xht mht mhtml hta htc svg svgz xml xsl xslt xsd rdf rss atom mathml vml js mjs cjs jsx ts wasm css json jsonp swf jar class pdf ps eps ics vcf eml url lnk webloc desktop exe bat cmd ps1 sh php phtml asp aspx jsp py pl cgi"
    .split(" ")
    .map((end): [string, string] => [`file.${end}`, "application/octet-stream"]),
  ["page.html", "text/html"],
  ["page.html", "text/html; charset=utf-7"],
  ["image.svg", "image/svg+xml"],
  ["page.xhtml", "application/xhtml+xml"],
  ["feed.xml", "text/xml"],
  ["code.js", "text/javascript"],
  ["image.png", "text/html"],
  ["image.png.html", "image/png"],
  ["image.png", "image/png"],
  ["image.gif", "image/gif"],
  ["sound.mp3", "audio/mpeg"],
  ["film.mp4", "video/mp4"],
  ["none", ""],
  ["odd", "multipart/x-mixed-replace; boundary=x"],
]

/** The attachments of one message that a customer sent with these. */
export async function sendFiles(
  story: Story,
  files: readonly File[],
): Promise<{ url: string; filename: string; content_type: string }[]> {
  const form = new FormData()
  form.set("sender[handle]", "mallory")
  form.set("body", "look")
  form.set("metadata[external_id]", unique("ext"))
  form.set("metadata[external_conversation_id]", unique("thread"))
  for (const [i, file] of files.entries()) form.set(`attachments[${i}]`, file)
  const accepted = await story.call("POST", `/channels/${story.channelId}/inbound_messages`, {
    token: story.channelToken(),
    form,
  })
  if (accepted.status !== 202) throw new Error(`files were answered with ${accepted.status} ${accepted.text}`)
  return (await story.message(accepted)).body.attachments
}
