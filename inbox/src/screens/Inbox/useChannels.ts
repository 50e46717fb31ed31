import { useQuery } from "@tanstack/react-query"
import { api } from "../../api.ts"
import { dispatch } from "../../inbox-state.ts"
import { useWorkspace } from "../../workspace.ts"

/** Loads the channels once; the live stream keeps them as they are. */
export function useChannels(): void {
  const { me } = useWorkspace()
  useQuery({
    queryKey: ["channels"],
    queryFn: async () => {
      const { channels } = await api.channels()
      dispatch({ type: "entities", channels, me })
      return channels.length
    },
  })
}
