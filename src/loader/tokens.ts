/** Dynamic string tokens: `$ORIGIN`, `$LIB` and `$PLATFORM` (elf/dl-load.c `is_dst`, `_dl_dst_substitute`). */

/** Values of the tokens for one object; null where the loader knows none. */
export interface TokenValues {
  readonly origin: string | null
  readonly lib: string
  readonly platform: string | null
}

// A token without braces ends where the identifier ends, so `$ORIGINAL` is none.
const TOKEN = /\$(?:\{(ORIGIN|LIB|PLATFORM)\}|(ORIGIN|LIB|PLATFORM))(?![A-Za-z0-9_])/g

/**
 * Replaces every token.
 *
 * @returns null when a token has no value: the loader then drops the whole element
 */
export function expandTokens(text: string, values: TokenValues): string | null {
  if (!text.includes('$')) return text
  const parts: string[] = []
  let plain = 0
  for (const match of text.matchAll(TOKEN)) {
    const value = valueOf(match[1] ?? match[2] ?? '', values)
    if (value === null) return null
    parts.push(text.slice(plain, match.index), value)
    plain = match.index + match[0].length
  }
  return parts.join('') + text.slice(plain)
}

function valueOf(token: string, values: TokenValues): string | null {
  if (token === 'ORIGIN') return values.origin
  return token === 'LIB' ? values.lib : values.platform
}
