export const prove = {
  prove: {
    title: "Is it still you?",
    text: "This could let others in, so it needs your password again. It is not asked for the next ten minutes.",
    password: "Password",
    missing: "Password is missing",
    wrong: "This is not your password.",
    limited: (seconds: number | null) =>
      seconds === null
        ? "Too many tries. Wait a minute, then try again."
        : `Too many tries. Try again in ${seconds} seconds.`,
    unreachable: "The server cannot be reached. Try again in a moment.",
    leave: "Cancel",
    confirm: "Continue",
    confirming: "One moment…",
    usePasskey: "Use a passkey",
    noPasskey: "No passkey of yours was used. Try again, or type your password.",
  },
}
