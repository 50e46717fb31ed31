import type { Statements } from "./statement.ts"

/** The statements of people.ts, whose texts stand there. */
export const peopleStatements: Statements = {
  "sim.take_numbers": (store, [company, id, sends, notices]) => {
    const conversation = store.conversation(company, id)
    if (conversation === undefined) return []
    store.update("conversation", conversation, {
      last_send: conversation.last_send + sends,
      last_notice: conversation.last_notice + notices,
    })
    const { channel_id, last_send, last_notice } = conversation
    return [{ channel_id, last_send, last_notice, offline: store.isOffline(company, channel_id) }]
  },

  "sim.new_messages": (store, [company, ids, conversation, channel, state]) => {
    for (const id of ids as number[])
      store.insert("message", { company_id: company, id, conversation_id: conversation, channel_id: channel, state })
    return []
  },

  "sim.message_state": (store, [company, id]) => {
    const message = store.message(company, id)
    return message === undefined ? [] : [{ state: message.state }]
  },

  "sim.tell_message": (store, [company, id, state]) => {
    const message = store.message(company, id)
    if (message !== undefined) store.update("message", message, { state })
    return []
  },
}
