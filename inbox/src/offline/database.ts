/**
 * What one teammate can read on this device without a network, in IndexedDB: the answers of the server by the path that was asked, and the newest rows and
 * messages as the live stream told them. It belongs to one teammate of one company at a time; somebody else's is removed before anything is read.
 */
export const storeNames = ["answers", "rows", "messages", "about"] as const
export type StoreName = (typeof storeNames)[number]

const databaseName = "causeway-offline"
const version = 1

let opened: Promise<IDBDatabase> | null = null
let isForbidden = false

/** Removes all of it, and keeps nothing any more as long as this page is open. */
export async function forbidKeeping(): Promise<void> {
  isForbidden = true
  const database = await opened?.catch(() => null)
  database?.close()
  opened = null
  indexedDB.deleteDatabase(databaseName)
}

/** Rejects where the browser keeps nothing (a private window, a full disk): the inbox then works as long as there is a network. */
function open(): Promise<IDBDatabase> {
  if (isForbidden) return Promise.reject(new Error("nothing is kept on devices"))
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(databaseName, version)
    request.onupgradeneeded = () => {
      for (const name of storeNames) request.result.createObjectStore(name)
    }
    request.onerror = () => reject(request.error)
    request.onsuccess = () => {
      // Another tab that removes or renews it is not kept waiting.
      request.result.onversionchange = () => {
        request.result.close()
        opened = null
      }
      resolve(request.result)
    }
  })
  return opened
}

type Stores = Record<StoreName, IDBObjectStore>

/** Runs `work` in one transaction and resolves once it is committed. */
export async function change(work: (stores: Stores) => void): Promise<void> {
  const database = await open()
  await new Promise<void>((resolve, reject) => {
    const transaction = database.transaction(storeNames, "readwrite")
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(transaction.error)
    const stores = storeNames.map((name) => [name, transaction.objectStore(name)])
    work(Object.fromEntries(stores) as Stores)
  })
}

export async function readOne<Value>(store: StoreName, key: string): Promise<Value | undefined> {
  const database = await open()
  return asked<Value | undefined>(database.transaction(store).objectStore(store).get(key))
}

export async function readAll<Value>(store: StoreName): Promise<Value[]> {
  const database = await open()
  return asked<Value[]>(database.transaction(store).objectStore(store).getAll())
}

const asked = <Value>(request: IDBRequest): Promise<Value> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result as Value)
    request.onerror = () => reject(request.error)
  })
