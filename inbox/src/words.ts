import { en } from "./words/en/index.ts"

/** Every sentence of the inbox, by area of the screen; a language is one folder beside `en`, with the same shape. */
export type Words = typeof en

export const words: Words = en
