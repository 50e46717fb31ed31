import type { developer as English } from "../en/developer.ts"
import { conformance } from "./developer/conformance.ts"
import { again, drawer, log } from "./developer/log.ts"
import { shell } from "./developer/shell.ts"
import { signatures } from "./developer/signatures.ts"
import { simulator } from "./developer/simulator.ts"
import { trace } from "./developer/trace.ts"
import { types } from "./developer/types.ts"

export const developer: typeof English = { shell, types, log, again, trace, signatures, conformance, simulator, drawer }
