/** The server as a process: what tests and the fault matrix start, stop and kill alike. */
export * from "@causeway/bench/harness/server-process"
