/** Values that are made when they are first asked for. */

/** What `make` gives, called at most once. */
export function once<T>(make: () => T): () => T {
  let known: { readonly value: T } | null = null
  return () => (known ??= { value: make() }).value
}
