import { forbidKeeping } from "./offline/database.ts"

/** The part of `Storage` that is used here. */
export type OwnStorage = Pick<Storage, "length" | "key" | "getItem" | "setItem" | "removeItem">

const memory = new Map<string, string>()
const inMemory: OwnStorage = {
  get length() {
    return memory.size
  },
  key: (index) => [...memory.keys()][index] ?? null,
  getItem: (key) => memory.get(key) ?? null,
  setItem: (key, value) => void memory.set(key, value),
  removeItem: (key) => void memory.delete(key),
}

let isForgetful = false

/** Where what somebody writes is until it is sent: on this device or, where the installation leaves nothing on devices, in this page for as long as it is open. */
export const ownStorage = (): OwnStorage => (isForgetful ? inMemory : localStorage)

/** Leaves nothing of anybody's on this device from here on: what was written is taken into this page, what was kept to be read without a network is removed. */
export function keepNothing(): void {
  if (isForgetful) return
  isForgetful = true
  const keys = Array.from({ length: localStorage.length }, (_, index) => localStorage.key(index) ?? "")
  for (const key of keys.filter((one) => /^causeway\.(draft|note|outbox)\./.test(one))) {
    memory.set(key, localStorage.getItem(key) ?? "")
    localStorage.removeItem(key)
  }
  void forbidKeeping()
}
