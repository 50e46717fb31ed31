import { expect, test } from "vitest"
import type { Database } from "../database/database.ts"
import { OutageError } from "../http/errors.ts"
import { searchConversations } from "./search.ts"

test("a search while the database is out of reach is an outage, and no bug", async () => {
  const away = {
    tx: () => Promise.reject(new OutageError("the database does not answer", 1)),
  } as unknown as Database
  const call = {
    query: {},
    params: { query: "late" },
    principal: { kind: "token", companyId: 1, tokenId: 1, scopes: [] },
    origin: "http://localhost",
  } as unknown as Parameters<typeof searchConversations>[1]
  await expect(searchConversations({ db: away }, call)).rejects.toBeInstanceOf(OutageError)
})
