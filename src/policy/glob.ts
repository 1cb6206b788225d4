/** Globs over sonames and paths: `*`, `?`, `**` for whole path components, `{a,b}` for alternatives. */

const SPECIAL = /[\\^$.|+()[\]]/

/** A test for one glob. Without a slash it is compared with a whole name; `**` crosses slashes, `*` does not. */
export function globTest(glob: string): (text: string) => boolean {
  const pattern = new RegExp(`^${globSource(glob)}$`, 's')
  return (text) => pattern.test(text)
}

/** A test that is true where any of the globs matches. */
export function anyGlob(globs: readonly string[]): (text: string) => boolean {
  if (globs.length === 0) return () => false
  const pattern = new RegExp(`^(?:${globs.map(globSource).join('|')})$`, 's')
  return (text) => pattern.test(text)
}

function globSource(glob: string): string {
  let out = ''
  let depth = 0
  for (let i = 0; i < glob.length; i += 1) {
    const char = glob.charAt(i)
    if (glob.startsWith('**/', i)) {
      out += '(?:.*/)?'
      i += 2
    } else if (glob.startsWith('**', i)) {
      out += '.*'
      i += 1
    } else if (char === '*') out += '[^/]*'
    else if (char === '?') out += '[^/]'
    else if (char === '{' && glob.includes('}', i)) {
      out += '(?:'
      depth += 1
    } else if (char === '}' && depth > 0) {
      out += ')'
      depth -= 1
    } else if (char === ',' && depth > 0) out += '|'
    else out += SPECIAL.test(char) || char === '{' || char === '}' ? `\\${char}` : char
  }
  return out + ')'.repeat(depth)
}
