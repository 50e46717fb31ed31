/** Teammates of a story, for whoever may not import the server: the inbox's goals. */
export { hire, signIn } from "@causeway/server/teammates/people.story"
