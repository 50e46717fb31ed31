import { conformance } from "./developer/conformance.ts"
import { again, drawer, log } from "./developer/log.ts"
import { shell } from "./developer/shell.ts"
import { signatures } from "./developer/signatures.ts"
import { simulator } from "./developer/simulator.ts"
import { trace } from "./developer/trace.ts"
import { types } from "./developer/types.ts"

/** The developer console: a file for each of its screens. */
export const developer = { shell, types, log, again, trace, signatures, conformance, simulator, drawer }
