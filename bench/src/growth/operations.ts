import { any, type Company, conversationId } from "./company.ts"
import { word } from "./fill.ts"

/** What a teammate does, as a path; `n` differs from one time to the next. */
export interface Operation {
  name: string
  /** Of the lists it is promised that they do not grow slower. */
  isList?: true
  path(company: Company, n: number): string
}

const list = (name: string, query: string): Operation => ({
  name: `list: ${name}`,
  isList: true,
  path: () => `/causeway/conversations?${query}`,
})
const search = (name: string, query: (company: Company, n: number) => string): Operation => ({
  name: `search: ${name}`,
  path: (company, n) => `/causeway/search?${query(company, n)}`,
})
export const operations: readonly Operation[] = [
  list("inbox", "view=open"),
  list("unassigned", "view=unassigned"),
  list("mine", "view=mine"),
  list("archived", "view=archived"),
  { name: "list: a tag", isList: true, path: ({ tagId }) => `/causeway/conversations?view=open&tag_id=${tagId}` },
  {
    name: "list: inbox, its middle",
    isList: true,
    // Wherever the scrollbar is dragged to: the middle is the farthest from both ends.
    path: ({ conversations }) => `/causeway/conversations?view=open&offset=${Math.floor(conversations / 40)}`,
  },
  {
    name: "conversation",
    path: (company, n) => `/causeway/conversations/${conversationId(company, any(company, n))}/timeline`,
  },
  search("a number", (company, n) => `q=order${any(company, n)}`),
  search("a rare word", (_company, n) => `q=${word(4_000 + (n % 500))}`),
  search("a word of every second message", () => `q=${word(0)}`),
  search("two words", (_company, n) => `q=${word(20 + (n % 20))}+${word(100 + (n % 50))}`),
  search("a word, open", (_company, n) => `q=${word(20 + (n % 20))}&is=open`),
  search("a word, with a tag", ({ tagId }, n) => `q=${word(20 + (n % 20))}&tag_id=${tagId}`),
  search("a sender", (company, n) => `from=guest-${any(company, n)}`),
]
