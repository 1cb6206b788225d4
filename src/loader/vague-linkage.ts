/**
 * Names of C++ that every object may define which uses them, and that a process keeps once (Itanium C++ ABI, section 5.2).
 *
 * A compiler makes such definitions weak; a link with LTO may make them STB_GLOBAL, so that only the name tells them from
 * functions that belong to one library. The grammar of mangled names is in section 5.1 of the same.
 */

/** Variables in inline functions and their guards: in any other function they have no name outside. type_info and its name. */
const SPECIAL = /^_Z(?:Z|GV|TI|TS)/

/** Whether the name is that of a template's instance, of a variable in an inline function, or of type information. */
export function hasVagueLinkage(name: string): boolean {
  if (!name.startsWith('_Z')) return false
  if (SPECIAL.test(name)) return true
  // Of special names only tables of virtual functions are left; what follows is the name of the class.
  const at = name.startsWith('_ZT') ? 4 : 2
  return name.charAt(at) === 'N' ? isInstance(name, at + 1, true) : isInstance(name, at, false)
}

/** Whether arguments of a template stand in a name, which a nested one ends with E, and another one with its first type. */
function isInstance(name: string, start: number, nested: boolean): boolean {
  let at = start
  let parts = 0
  while (at < name.length) {
    const char = name.charAt(at)
    if (char === 'I') return true
    if (nested ? char === 'E' : parts > 0 && char !== 'B') return false
    const end = endOfPart(name, at)
    // `St` is a namespace before the name proper.
    if (!name.startsWith('St', at)) parts += 1
    at = end
  }
  return false
}

/** One identifier with its length before it, one substitution, or one letter of anything else. */
function endOfPart(name: string, at: number): number {
  const identifier = /^B?(\d{1,6})/.exec(name.slice(at, at + 7))
  if (identifier !== null) return at + identifier[0].length + Number(identifier[1])
  if (name.charAt(at) !== 'S') return at + 1
  const substitution = /^S[\dA-Z]*_/.exec(name.slice(at, at + 8))
  return substitution === null ? at + 2 : at + substitution[0].length
}
