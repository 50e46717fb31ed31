/** Requests from the schemas of the contract: for the fuzz test and the fault matrix alike. */
export * from "@causeway/bench/harness/arbitraries"
