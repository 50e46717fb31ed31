/** What can happen on the line, told as the PBX tells it. */
export type EventType =
  | "queued"
  | "ringing"
  | "answered"
  | "held"
  | "resumed"
  | "transferred"
  | "hangup"
  | "missed"
  | "abandoned"
  | "recording_ready"
  | "transcript_ready"
  | "summary_ready"

export interface Line {
  speaker: "internal" | "external"
  name: string
  text: string
  /** From the beginning of the call. */
  startSeconds: number
}

export interface Step {
  type: EventType
  /** After the step before, ms. */
  afterMs: number
  /** The leg; a transfer begins the second. Default 0. */
  leg?: number
  lines?: Line[]
  summary?: string
  recording?: "call" | "voicemail"
}

export interface Script {
  name: string
  what: string
  caller: { number: string; name: string }
  steps: Step[]
}

const casey = { number: "+15550100", name: "Casey Rivers" }
const noor = { number: "+15550101", name: "Noor Haddad" }
const tomas = { number: "+15550102", name: "Tomás Oliveira" }
const ingrid = { number: "+15550103", name: "Ingrid Solberg" }

const says = (speaker: Line["speaker"], name: string, startSeconds: number, text: string): Line => ({
  speaker,
  name,
  startSeconds,
  text,
})

/** After a talk: what was said, in sound and in words. */
const talk = (lines: Line[], summary: string, leg = 0): Step[] => [
  { type: "hangup", afterMs: 2500, leg },
  { type: "recording_ready", afterMs: 600, leg, recording: "call", lines },
  { type: "transcript_ready", afterMs: 300, leg, lines },
  { type: "summary_ready", afterMs: 300, leg, summary },
]

const delivery = [
  says("internal", "Dana", 0, "Fjord and Field, Dana speaking."),
  says("external", "Noor", 2, "Hi, I wrote to you about order 20433. I am moving on Saturday."),
  says("internal", "Dana", 6, "I see it here. Where shall it go instead?"),
  says("external", "Noor", 8, "14 Harbour Lane, second floor."),
  says("internal", "Dana", 11, "Changed. It arrives on Friday before noon."),
]
const zip = [
  says("internal", "Dana", 0, "Fjord and Field, Dana speaking."),
  says("external", "Tomás", 2, "The zip of my tent is torn, and I leave tomorrow."),
  says("internal", "Dana", 5, "One moment, I ask the workshop."),
]
const workshop = [
  says("internal", "Workshop", 0, "Workshop. Can you come by until six?"),
  says("external", "Tomás", 3, "I am around the corner."),
  says("internal", "Workshop", 5, "Then it is mended while you wait."),
]
const voicemail = [
  says("external", "Ingrid", 0, "Hello, Ingrid Solberg here. My blanket came today."),
  says("external", "Ingrid", 4, "It is wonderful. It itches. Please send me another one. Thank you, bye."),
]

export const scripts: Record<string, Script> = {
  answered: {
    name: "Answered",
    what: "rings, is answered, ends; recording, transcript and summary follow",
    caller: noor,
    steps: [
      { type: "ringing", afterMs: 0 },
      { type: "answered", afterMs: 2000 },
      ...talk(
        delivery,
        "Noor changed the delivery address of order 20433 to 14 Harbour Lane. It arrives on Friday before noon.",
      ),
    ],
  },
  transferred: {
    name: "Hold and transfer",
    what: "answered, put on hold, and handed on to the workshop: a second leg",
    caller: tomas,
    steps: [
      { type: "ringing", afterMs: 0 },
      { type: "answered", afterMs: 1500 },
      { type: "held", afterMs: 2000 },
      { type: "resumed", afterMs: 2000 },
      { type: "transferred", afterMs: 1000 },
      { type: "ringing", afterMs: 100, leg: 1 },
      { type: "recording_ready", afterMs: 400, recording: "call", lines: zip },
      { type: "transcript_ready", afterMs: 100, lines: zip },
      { type: "answered", afterMs: 800, leg: 1 },
      ...talk(workshop, "A torn zip: Tomás comes by until six and waits while it is mended.", 1),
    ],
  },
  missed: {
    name: "Missed",
    what: "rings, and nobody answers",
    caller: casey,
    steps: [
      { type: "ringing", afterMs: 0 },
      { type: "missed", afterMs: 4000 },
    ],
  },
  voicemail: {
    name: "Voicemail",
    what: "nobody answers; a message is left, and written down",
    caller: ingrid,
    steps: [
      { type: "ringing", afterMs: 0 },
      { type: "missed", afterMs: 3000 },
      { type: "recording_ready", afterMs: 2500, recording: "voicemail", lines: voicemail },
      { type: "transcript_ready", afterMs: 500, lines: voicemail },
      { type: "summary_ready", afterMs: 300, summary: "Ingrid is happy with her blanket and wants a second one." },
    ],
  },
  abandoned: {
    name: "Given up",
    what: "waits in the queue, and hangs up before anybody answers",
    caller: casey,
    steps: [
      { type: "queued", afterMs: 0 },
      { type: "abandoned", afterMs: 4000 },
    ],
  },
}

/** The PBX calls somebody and reads a text to them. */
export const spoken = (number: string, text: string): Script => ({
  name: "Spoken message",
  what: "a text that is read out",
  caller: { number, name: number },
  steps: [
    { type: "ringing", afterMs: 0 },
    { type: "answered", afterMs: 1500 },
    { type: "hangup", afterMs: 2500 },
    { type: "transcript_ready", afterMs: 300, lines: [says("internal", "Spoken message", 0, text)] },
  ],
})
