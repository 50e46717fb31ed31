/** Line icons on a 16 px grid, drawn with the colour of the text around them. Always beside a word, so hidden from screen readers. */
const paths = {
  open: "M2.5 9.5 4.2 3.5h7.6l1.7 6v3h-11zM2.5 9.5h3.2c.2 1.3 1 2 2.3 2s2.1-.7 2.3-2h3.2",
  mine: "M8 8a2.6 2.6 0 1 0 0-5.2A2.6 2.6 0 0 0 8 8ZM3 13.5c.5-2.5 2.3-3.7 5-3.7s4.5 1.2 5 3.7",
  unassigned: "M8 8a2.6 2.6 0 1 0 0-5.2M5.4 5.4A2.6 2.6 0 0 0 8 8M3 13.5c.5-2.5 2.3-3.7 5-3.7M11.5 9.7v4M9.5 11.7h4",
  failed: "M8 2.5 14 13H2zM8 6.5v3M8 11.3v.2",
  archived: "M2.5 3.5h11v2.7h-11zM3.5 6.2v6.3h9V6.2M6.5 8.7h3",
  drafts: "M3 13l.7-3 6.6-6.6 2.3 2.3L6 12.3zM9 4.7l2.3 2.3",
  snoozed: "M8 13.5a5 5 0 1 0 0-10 5 5 0 0 0 0 10ZM8 6v2.6l1.6 1M2.5 4.5l2-2M13.5 4.5l-2-2",
  trash: "M3 4.5h10M6.2 4.5v-2h3.6v2M4.3 4.5l.6 9h6.2l.6-9M6.8 7v4M9.2 7v4",
  call: "M4.5 2.5 6.3 5.6 5 7c.8 1.7 2.2 3.1 4 4l1.4-1.3 3.1 1.8c-.2 1.3-1 2-2.2 2C6.5 13.5 2.5 9.5 2.5 4.7c0-1.2.7-2 2-2.2Z",
  sort: "M4.5 3v10M2.5 11l2 2 2-2M9 4h4.5M9 8h3.2M9 12h1.8",
  search: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM10.3 10.3 13.5 13.5",
  tag: "M2.5 2.5h5l6 6-5 5-6-6zM5.3 5.3v.1",
  check: "m3 8.5 3.2 3.2L13 4.8",
  back: "M10 3 5 8l5 5",
  undo: "M6 3.5 3 6.5l3 3M3.2 6.5h6.3a3.3 3.3 0 0 1 0 6.5H7",
  clock: "M8 13.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11ZM8 5v3.2l2 1.3",
  queued: "M3 4.5h10M3 8h10M3 11.5h6",
  sending: "M13.5 2.5 7 9M13.5 2.5l-4 11L7 9 2.5 6.5z",
  sent: "m3 8.5 3.2 3.2L13 4.8",
  question: "M5.8 6.2c0-1.3 1-2.2 2.3-2.2s2.2.8 2.2 2c0 1.7-2.2 1.9-2.2 3.5M8.1 12v.2",
  reply: "M6.5 4 3 7.5 6.5 11M3.2 7.5h5.3c2.7 0 4.3 1.6 4.5 4.5",
  file: "M4 2.5h5l3 3v8H4zM9 2.5v3h3",
  plus: "M8 3.5v9M3.5 8h9",
  snooze: "M8 13.5a5 5 0 1 0 0-10 5 5 0 0 0 0 10ZM8 6v2.7l1.7 1M2 4.3 4 2.5M14 4.3l-2-1.8",
  more: "M3.5 8h.1M8 8h.1M12.5 8h.1",
  follow:
    "M8 3.5c-3.2 0-5.2 2.6-6 4.5.8 1.9 2.8 4.5 6 4.5s5.2-2.6 6-4.5c-.8-1.9-2.8-4.5-6-4.5ZM8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z",
  person:
    "M2.5 3.5h11v9h-11zM6 8a1.2 1.2 0 1 0 0-2.4A1.2 1.2 0 0 0 6 8ZM4.2 10.6c.2-.9.8-1.3 1.8-1.3s1.6.4 1.8 1.3M9.8 6.5h2M9.8 9h2",
  copy: "M5.5 5.5h8v8h-8zM3.5 10.5h-1v-8h8v1",
  bell: "M4 11V7a4 4 0 0 1 8 0v4l1.2 1H2.8zM6.8 13.7c.6.6 1.8.6 2.4 0",
  pen: "M3 13l.6-2.8L10.5 3.3l2.2 2.2-6.9 6.9zM9.2 4.6l2.2 2.2",
  down: "m4 6.5 4 4 4-4",
  up: "m4 9.5 4-4 4 4",
  merge: "M3 3.5c0 4 5 3 5 6.5v3M13 3.5c0 4-5 3-5 6.5M5.5 10.5 8 13l2.5-2.5",
  close: "m4 4 8 8M12 4l-8 8",
  bold: "M5 3.5h3.7a2.2 2.2 0 0 1 0 4.5H5zM5 8h4.3a2.3 2.3 0 0 1 0 4.5H5z",
  italic: "M7 3.5h5M4 12.5h5M9.5 3.5l-3 9",
  strike:
    "M2.5 8h11M11 5.2c-.3-1.1-1.4-1.9-3-1.9-1.8 0-3 .9-3 2.2 0 .9.5 1.5 1.4 1.9M5 10.7c.3 1.2 1.4 2 3.1 2 1.9 0 3-.9 3-2.3 0-.5-.1-.9-.4-1.2",
  link: "M6.7 9.3 9.3 6.7M7.5 4.8l1.3-1.3a2.6 2.6 0 0 1 3.7 3.7l-1.3 1.3M8.5 11.2l-1.3 1.3a2.6 2.6 0 0 1-3.7-3.7l1.3-1.3",
  ordered: "M6.5 4h7M6.5 8h7M6.5 12h7M2.5 3l1-.5V5.5M2.3 7h1.5l-1.5 2h1.7M2.3 11h1.5v2.5H2.3M2.8 12.2h1",
  bulleted: "M6 4h7.5M6 8h7.5M6 12h7.5M3 4h.1M3 8h.1M3 12h.1",
  quote: "M3 4.5v7M6 5h7.5M6 8h7.5M6 11h5",
  smile:
    "M8 13.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11ZM5.7 9.5c.5.9 1.3 1.4 2.3 1.4s1.8-.5 2.3-1.4M6.2 6.5v.2M9.8 6.5v.2",
  clip: "m13 7.5-5 5a3.1 3.1 0 0 1-4.4-4.4l5.2-5.2a2.1 2.1 0 0 1 3 3l-5.2 5.2a1 1 0 0 1-1.5-1.5L9.8 5",
  template: "M3 2.5h10v11H3zM5.5 5.5h5M5.5 8h5M5.5 10.5h2.5",
  note: "M3 2.5h10v7l-4 4H3zM9 13.5v-4h4M5.5 5.5h5M5.5 8h3",
  phone: "M4.2 2.5 6 2.8l.8 2.7-1.5 1.2a8 8 0 0 0 4 4l1.2-1.5 2.7.8.3 1.8-1.6 1.7C7 13 3 9 2.5 4.1z",
  play: "M5 3v10l8-5z",
  pause: "M5 3v10M11 3v10",
  offline:
    "M2 2l12 12M4.7 8.3A5 5 0 0 1 7 7.1M2.6 6a8.3 8.3 0 0 1 2.6-1.6M8.7 4c1.8.1 3.4.8 4.7 2M6.4 10.6a2.3 2.3 0 0 1 3.2 0",
} as const

export type IconName = keyof typeof paths

/** Icons that point somewhere turn round where text runs from right to left. */
const pointing: ReadonlySet<IconName> = new Set(["back", "undo", "reply", "sending"])

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      data-points={pointing.has(name) || undefined}
    >
      <path d={paths[name]} />
    </svg>
  )
}
