import { useQuery } from "@tanstack/react-query"
import { api } from "../../api.ts"
import { dispatch } from "../../inbox-state.ts"

/** Loads the channels once; the live stream keeps them as they are. */
export function useChannels(): void {
  useQuery({
    queryKey: ["channels"],
    queryFn: async () => {
      const { channels } = await api.channels()
      dispatch({ type: "entities", channels })
      return channels.length
    },
  })
}
