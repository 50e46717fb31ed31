/** What a password's hash costs in tests: they try many, none of them worth the real cost. */
export const cheapHash = { n: 1024, r: 8, p: 1 }
