/** A change of a source text that turns it into another program. */
export interface Mutant {
  start: number
  end: number
  /** What stands between `start` and `end` (offsets in the text) then. */
  to: string
  line: number
  kind: "comparison" | "boundary" | "boolean" | "arithmetic" | "constant" | "swapped branch" | "dropped statement"
}

/** A node of ESTree with TypeScript's own, as far as this file reads it. */
export interface Node {
  type: string
  start: number
  end: number
  operator?: string
  prefix?: boolean
  [field: string]: unknown
}

export interface Limits {
  /** Only these top-level functions; default: the whole file. */
  within?: readonly string[]
  /** Leave texts alone: in some files they are SQL. */
  keepTexts?: boolean
}

const negated: Record<string, string> = {
  "===": "!==",
  "!==": "===",
  "<": ">=",
  "<=": ">",
  ">": "<=",
  ">=": "<",
}
const shifted: Record<string, string> = { "<": "<=", "<=": "<", ">": ">=", ">=": ">" }
const otherwise: Record<string, string> = {
  "+": "-",
  "-": "+",
  "*": "/",
  "/": "*",
  "%": "*",
  "**": "*",
  ">>": "<<",
  "<<": ">>",
  ">>>": "<<",
  "^": "&",
  "|": "&",
  "&": "|",
  "+=": "-=",
  "-=": "+=",
  "++": "--",
  "--": "++",
  min: "max",
  max: "min",
}
const junction: Record<string, string> = { "&&": "||", "||": "&&" }

/** Parts that hold types, names or modules, where no program changes. */
const skipped = new Set([
  "typeAnnotation",
  "typeArguments",
  "typeParameters",
  "returnType",
  "source",
  "superTypeArguments",
])
const wrappers = new Set(["TSAsExpression", "TSNonNullExpression", "TSSatisfiesExpression"])

/** A change before its place is looked up. */
type Change = Omit<Mutant, "line">

/** Every mutant of a program, in the order in which they stand in its text. One change each. */
export function mutantsOf(text: string, program: Node, limits: Limits = {}): Mutant[] {
  const found: Change[] = []
  const visit = (node: Node): void => {
    if (node.type.startsWith("TS") && !wrappers.has(node.type)) return
    found.push(...(changes[node.type]?.(node, text, limits) ?? []))
    for (const [field, value] of Object.entries(node)) {
      if (skipped.has(field) || (field === "key" && node.computed !== true)) continue
      for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) visit(child)
    }
  }
  for (const statement of program.body as Node[]) {
    const names = namesOf(statement)
    if (limits.within === undefined || names.some((name) => limits.within?.includes(name))) visit(statement)
  }
  return found
    .filter(({ start, end, to }) => text.slice(start, end) !== to)
    .sort((one, other) => one.start - other.start || one.end - other.end)
    .map((change) => ({ ...change, line: text.slice(0, change.start).split("\n").length }))
}

const put = (kind: Mutant["kind"], { start, end }: { start: number; end: number }, to: string): Change[] => [
  { kind, start, end, to },
]

/** Another operator in the place of this one. */
function operate(node: Node, text: string, kind: Mutant["kind"], to: string | undefined): Change[] {
  if (to === undefined) return []
  const start = text.indexOf(node.operator as string, (node.left as Node).end)
  return put(kind, { start, end: start + (node.operator as string).length }, to)
}

const part = (node: Node, field: string, text: string): string =>
  text.slice((node[field] as Node).start, (node[field] as Node).end)

const changes: Record<string, (node: Node, text: string, limits: Limits) => Change[]> = {
  BinaryExpression: (node, text) => [
    ...operate(node, text, "comparison", negated[node.operator as string]),
    ...operate(node, text, "boundary", shifted[node.operator as string]),
    ...operate(node, text, "arithmetic", otherwise[node.operator as string]),
  ],
  AssignmentExpression: (node, text) => operate(node, text, "arithmetic", otherwise[node.operator as string]),
  UpdateExpression: (node, text) =>
    put("arithmetic", node, `${part(node, "argument", text)}${otherwise[node.operator as string]}`),
  LogicalExpression: (node, text) =>
    node.operator === "??"
      ? put("boolean", node, part(node, "left", text))
      : operate(node, text, "boolean", junction[node.operator as string]),
  UnaryExpression: (node, text) => {
    if (node.operator === "!") return put("boolean", node, part(node, "argument", text))
    return node.operator === "-" ? put("arithmetic", node, part(node, "argument", text)) : []
  },
  MemberExpression: (node, text) => {
    const to = part(node, "object", text) === "Math" ? otherwise[part(node, "property", text)] : undefined
    return to === undefined ? [] : put("arithmetic", node.property as Node, to)
  },
  Literal: (node, _text, { keepTexts }) => {
    if (typeof node.value === "boolean") return put("boolean", node, String(!node.value))
    if (typeof node.value === "number") return put("constant", node, String(node.value + 1))
    return typeof node.value === "string" && !keepTexts ? put("constant", node, node.value === "" ? '"?"' : '""') : []
  },
  TemplateLiteral: (node, _text, { keepTexts }) => (keepTexts ? [] : put("constant", node, "``")),
  ConditionalExpression: (node, text) => {
    const [test, consequent, alternate] = ["test", "consequent", "alternate"].map((field) => part(node, field, text))
    return put("swapped branch", node, `${test} ? (${alternate}) : (${consequent})`)
  },
  IfStatement: (node, text) => put("swapped branch", node.test as Node, `!(${part(node, "test", text)})`),
  BlockStatement: (node) =>
    (node.body as Node[]).flatMap((statement, at, { length }) => {
      // Without its last return a function would have no value, which the types notice.
      const isDroppable = /^(Expression|If|For\w*|While|Throw|Return)Statement$/.test(statement.type)
      const isValue = statement.type === "ReturnStatement" && at === length - 1
      return isDroppable && !isValue ? put("dropped statement", statement, ";") : []
    }),
}

const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && "type" in value

/** The names that a top-level statement declares. */
function namesOf(statement: Node): string[] {
  const declared = (statement.declaration ?? statement) as Node
  const declarations = (declared.declarations as Node[] | undefined) ?? [declared]
  return declarations.map((one) => String((one.id as Node | undefined)?.name))
}
