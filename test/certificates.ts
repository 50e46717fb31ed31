/** Partners with certificates that hold, and with others: for tests and the fault matrix alike. */
export * from "@causeway/bench/harness/certificates"
