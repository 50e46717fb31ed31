/** Numbers that one seed decides: what tests, goals and the bench draw alike. */
export { seeded } from "@causeway/bench/harness/seeded"
