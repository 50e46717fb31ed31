import { readFileSync } from "node:fs"

/**
 * Loaded before the server (`node --import`), it makes its clock wrong: by as many milliseconds as the file says that CAUSEWAY_FAULTS_CLOCK names. The file
 * is read again at SIGUSR2. What time takes (timers, performance.now) stays as it is, as when an operator or a time server sets a machine's clock.
 */
const path = process.env.CAUSEWAY_FAULTS_CLOCK as string
const right = Date
let offsetMs = 0
const read = () => {
  offsetMs = Number(readFileSync(path, "utf8"))
}
read()
process.on("SIGUSR2", read)

globalThis.Date = new Proxy(right, {
  construct: (target, args, self) =>
    Reflect.construct(target, args.length === 0 ? [right.now() + offsetMs] : args, self) as Date,
  get: (target, key, self) => (key === "now" ? () => right.now() + offsetMs : Reflect.get(target, key, self)),
})
