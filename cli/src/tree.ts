import type { Command } from "./command.ts"

interface Entry {
  /** One sentence. */
  summary: string
  /** A command's own module is loaded when it runs and not before: help is instant. */
  load(): Promise<Command>
}

/** What the first words of commands of two words mean. */
export const groups: Readonly<Record<string, string>> = {
  apps: "Channel types and their secrets",
  channels: "Channels: an app connected to an inbox",
  messages: "Write as a customer, reply as a teammate, see what became of it",
  calls: "Calls of a phone system",
  templates: "Message templates of a channel's provider",
  log: "What was delivered, every attempt, and doing it again",
  sim: "Simulated customers and calls, faults, and sessions to record and replay",
  widget: "The live chat on a website",
  clock: "The held clock: move the time of undo windows and retries",
}

/** Every command. */
export const tree: Readonly<Record<string, Entry>> = {
  dev: {
    summary: "Start Causeway on this machine with a demo company",
    load: () => import("./commands/dev.ts").then((m) => m.dev),
  },
  doctor: {
    summary: "Check runtime, server, token, clock and a channel's address",
    load: () => import("./commands/doctor.ts").then((m) => m.doctor),
  },
  "setup-code": {
    summary: "Make a new code for a server that nobody has set up",
    load: () => import("./commands/setup-code.ts").then((m) => m.setupCode),
  },
  new: {
    summary: "Make a channel's project in TypeScript, with its test",
    load: () => import("./commands/new.ts").then((m) => m.newChannel),
  },
  check: {
    summary: "Play the platform against a channel's server and say what is wrong",
    load: () => import("./commands/check.ts").then((m) => m.check),
  },
  listen: {
    summary: "Carry an app's webhooks to a server on this machine",
    load: () => import("./commands/listen.ts").then((m) => m.listen),
  },
  trigger: {
    summary: "Send a signed sample webhook to a server",
    load: () => import("./commands/trigger.ts").then((m) => m.trigger),
  },
  sign: { summary: "Sign a body as webhooks are signed", load: () => import("./commands/sign.ts").then((m) => m.sign) },
  verify: {
    summary: "Check a signature, and say why it does not match",
    load: () => import("./commands/verify.ts").then((m) => m.verify),
  },
  token: {
    summary: "Make the token that calls the Channel API",
    load: () => import("./commands/token.ts").then((m) => m.token),
  },
  login: {
    summary: "Keep a server's address and API token",
    load: () => import("./commands/login.ts").then((m) => m.login),
  },
  logout: { summary: "Forget a kept token", load: () => import("./commands/login.ts").then((m) => m.logout) },
  whoami: { summary: "Which company the token opens", load: () => import("./commands/login.ts").then((m) => m.whoami) },
  completion: {
    summary: "Print the shell's completion script",
    load: () => import("./commands/completion.ts").then((m) => m.completion),
  },
  "apps list": { summary: "List apps", load: () => import("./commands/apps.ts").then((m) => m.list) },
  "apps get": { summary: "Show an app", load: () => import("./commands/apps.ts").then((m) => m.get) },
  "apps create": {
    summary: "Make an app; its secret is shown once",
    load: () => import("./commands/apps.ts").then((m) => m.create),
  },
  "apps update": { summary: "Change an app", load: () => import("./commands/apps.ts").then((m) => m.update) },
  "apps rotate": {
    summary: "Make a new secret; the old one holds for a while",
    load: () => import("./commands/apps.ts").then((m) => m.rotate),
  },
  "apps delete": {
    summary: "Delete an app that no channel uses",
    load: () => import("./commands/apps.ts").then((m) => m.remove),
  },
  "channels list": { summary: "List channels", load: () => import("./commands/channels.ts").then((m) => m.list) },
  "channels get": {
    summary: "Show a channel and how its deliveries do",
    load: () => import("./commands/channels.ts").then((m) => m.get),
  },
  "channels connect": {
    summary: "Connect an app to an inbox",
    load: () => import("./commands/channels.ts").then((m) => m.connect),
  },
  "channels reauth": {
    summary: "Ask the app's server for authorization again",
    load: () => import("./commands/channels.ts").then((m) => m.reauth),
  },
  "channels offline": {
    summary: "Say that a channel's credentials died",
    load: () => import("./commands/channels.ts").then((m) => m.offline),
  },
  "channels online": {
    summary: "Say that a channel works again",
    load: () => import("./commands/channels.ts").then((m) => m.online),
  },
  "channels settings": {
    summary: "Show or change a channel's settings",
    load: () => import("./commands/channels.ts").then((m) => m.settings),
  },
  "channels delete": {
    summary: "Delete a channel and tell its server",
    load: () => import("./commands/channels.ts").then((m) => m.remove),
  },
  "messages inbound": {
    summary: "Write as a customer",
    load: () => import("./commands/messages.ts").then((m) => m.inbound),
  },
  "messages outbound": {
    summary: "Import what was sent outside of the inbox",
    load: () => import("./commands/messages.ts").then((m) => m.outbound),
  },
  "messages reply": {
    summary: "Reply in a conversation and wait for what becomes of it",
    load: () => import("./commands/messages.ts").then((m) => m.reply),
  },
  "messages get": { summary: "Show a message", load: () => import("./commands/messages.ts").then((m) => m.get) },
  "messages status": {
    summary: "Report that a sent message failed after all",
    load: () => import("./commands/messages.ts").then((m) => m.status),
  },
  "messages tail": {
    summary: "Follow a conversation",
    load: () => import("./commands/messages.ts").then((m) => m.tail),
  },
  "calls create": { summary: "Begin a call", load: () => import("./commands/calls.ts").then((m) => m.create) },
  "calls status": {
    summary: "Say what became of a call",
    load: () => import("./commands/calls.ts").then((m) => m.status),
  },
  "calls record": { summary: "Add a recording", load: () => import("./commands/calls.ts").then((m) => m.record) },
  "calls transcript": {
    summary: "Add a transcript",
    load: () => import("./commands/calls.ts").then((m) => m.transcript),
  },
  "calls summary": { summary: "Add a summary", load: () => import("./commands/calls.ts").then((m) => m.summary) },
  "calls play": {
    summary: "Play a whole call, from ringing to its summary",
    load: () => import("./commands/calls.ts").then((m) => m.play),
  },
  "templates list": {
    summary: "List a channel's templates",
    load: () => import("./commands/templates.ts").then((m) => m.list),
  },
  "templates sync": {
    summary: "Keep the templates of a file",
    load: () => import("./commands/templates.ts").then((m) => m.sync),
  },
  "templates disable": {
    summary: "Switch a template off",
    load: () => import("./commands/templates.ts").then((m) => m.disable),
  },
  "log tail": {
    summary: "Follow deliveries as they happen",
    load: () => import("./commands/log.ts").then((m) => m.tail),
  },
  "log get": {
    summary: "Show a delivery with its attempts",
    load: () => import("./commands/log.ts").then((m) => m.get),
  },
  "log replay": { summary: "Deliver once more", load: () => import("./commands/log.ts").then((m) => m.replay) },
  "log plan": {
    summary: "Count what recover would deliver again",
    load: () => import("./commands/recover.ts").then((m) => m.plan),
  },
  "log recover": {
    summary: "Deliver again what failed in a span of time, count first",
    load: () => import("./commands/recover.ts").then((m) => m.recover),
  },
  "sim list": {
    summary: "List simulated channels",
    load: () => import("./commands/sim.ts").then((m) => m.list),
  },
  "sim chat": {
    summary: "A simulated customer writes",
    load: () => import("./commands/sim.ts").then((m) => m.chat),
  },
  "sim call": {
    summary: "A simulated call takes its next step",
    load: () => import("./commands/sim.ts").then((m) => m.phone),
  },
  "sim fault": {
    summary: "What goes wrong from now on",
    load: () => import("./commands/sim.ts").then((m) => m.fault),
  },
  "sim run": {
    summary: "Play a whole scene that follows from its seed",
    load: () => import("./commands/sim.ts").then((m) => m.scene),
  },
  "sim record": {
    summary: "Record what is done and what passes",
    load: () => import("./commands/sim.ts").then((m) => m.record),
  },
  "sim save": {
    summary: "End the recording and keep it in a file",
    load: () => import("./commands/sim.ts").then((m) => m.save),
  },
  "sim replay": {
    summary: "Do a recorded session again and compare",
    load: () => import("./commands/sim.ts").then((m) => m.replay),
  },
  "widget snippet": {
    summary: "Print what a website needs for the chat",
    load: () => import("./commands/widget.ts").then((m) => m.snippet),
  },
  "widget serve": {
    summary: "Serve a website to try the chat on",
    load: () => import("./commands/widget.ts").then((m) => m.serve),
  },
  "clock get": { summary: "Show the schedule clock", load: () => import("./commands/clock.ts").then((m) => m.get) },
  "clock advance": {
    summary: "Move a held clock and wait for what became due",
    load: () => import("./commands/clock.ts").then((m) => m.advance),
  },
}
