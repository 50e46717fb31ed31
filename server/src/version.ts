import { readFileSync } from "node:fs"

/** Causeway's version, from the package it is. */
export const version: string = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")).version
