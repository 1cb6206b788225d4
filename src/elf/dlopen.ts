/** The JSON of an ELF dlopen note: libraries an object opens by itself (systemd.io/ELF_DLOPEN_METADATA). */
import { decodeBytes } from '../domain/bytes.ts'
import type { DlopenNote } from '../domain/object.ts'

/** Elements of one note that are kept. */
const MAX_ELEMENTS = 1024

/** The elements of the note in `bytes[start, end)`, or what is wrong with it. */
export function dlopenNotes(bytes: Uint8Array, start: number, end: number): readonly DlopenNote[] | string {
  let last = end
  while (last > start && bytes[last - 1] === 0) last -= 1
  let value: unknown
  try {
    value = JSON.parse(decodeBytes(bytes, start, last))
  } catch {
    return 'a dlopen note holds no JSON'
  }
  if (!Array.isArray(value)) return 'a dlopen note holds no JSON array'
  const notes = value.slice(0, MAX_ELEMENTS).map(dlopenNote)
  const sound = notes.filter((note) => note !== null)
  return sound.length === 0 && value.length > 0 ? 'a dlopen note names no soname' : sound
}

function dlopenNote(item: unknown): DlopenNote | null {
  if (typeof item !== 'object' || item === null) return null
  const { feature, description, priority, soname } = item as Readonly<Record<string, unknown>>
  const names: readonly unknown[] = Array.isArray(soname) ? soname : []
  const sonames = names.filter((name): name is string => typeof name === 'string' && name !== '')
  if (sonames.length === 0) return null
  return {
    feature: typeof feature === 'string' ? feature : null,
    description: typeof description === 'string' ? description : null,
    // The specification gives notes without priority the middle one.
    priority: priority === 'required' || priority === 'suggested' ? priority : 'recommended',
    sonames,
  }
}
