/** A list in the vendor's form. Its documents leave `_pagination` out on the short lists; live clients read it unguarded, so it is always there. */
export const wholeList = (
  request: { url: string },
  origin: string,
  results: readonly unknown[],
): Record<string, unknown> => ({
  _pagination: { next: null },
  _links: { self: `${origin}${request.url}` },
  _results: results,
})
