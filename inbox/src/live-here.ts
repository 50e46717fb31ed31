import { useQuery } from "@tanstack/react-query"
import { api } from "./api.ts"
import { plainList } from "./lists.ts"
import { useValue } from "./value.ts"
import { useWorkspace } from "./workspace.ts"

/** Follows the feed from now on where nothing that is shown brings a place in it: the lists of conversations do that elsewhere. */
export function useLiveHere(): void {
  const { live, liveState } = useWorkspace()
  const state = useValue(liveState)
  useQuery({
    queryKey: ["live here"],
    queryFn: async () => {
      const { cursor } = await api.conversations(plainList("open"), { from: "top" }, 1)
      live.start(cursor)
      return cursor
    },
    enabled: state === "connecting",
    retry: true,
  })
}
