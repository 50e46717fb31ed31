export const templates = {
  /** The picker of templates, kept answers and signatures. */
  templates: {
    title: (channel: string) => `Templates for ${channel}`,
    search: "Search name or text",
    groups: "Kinds of templates",
    group: {
      ready: "Ready",
      waiting: "Waiting",
      refused: "Refused",
      saved: "Saved answers",
      signature: "Signatures",
    },
    reason: {
      waiting: "It cannot be used until the provider approves it",
      refused: "The provider rejected it or switched it off",
    },
    failed: "The templates could not be loaded",
    none: "Nothing matches",
    noneAtAll:
      "There is nothing here yet. A channel’s server brings its templates by PUT /channels/{channel_id}/application_message_templates; answers are kept by POST /message_templates.",
    choose: "Choose one on the list.",
    insert: "Insert",
    send: "Send",
    needs: (name: string) => `Send needs “${name}”`,
    preview: "Preview",
    unmapped: (uid: string) =>
      `Nothing says what {{${uid}}} in this text stands for: its channel’s builder has to map it. It cannot be sent.`,
    unknownType: (type: string) => `Of a kind that is not known here (${type}): what you type goes out as it is`,
    fromContact: "From the contact",
    address: {
      file: "Address of the file, beginning with https://",
      image: "Address of the image, beginning with https://",
      video: "Address of the video, beginning with https://",
    },
  },
}
