/** Which definitions of one object are passed over for those of another one that is searched before it. */
import type { SymbolFile } from '../domain/symbols.ts'
import { REFERENCE_COPY } from '../domain/symbols.ts'
import type { World } from '../domain/system.ts'
import { matcherFor } from './match.ts'
import { hasVagueLinkage } from './vague-linkage.ts'

const STB_GLOBAL = 1

/**
 * Names that every object or program may define, or that are meant to be replaced: ends of sections, entry points, and
 * the functions that allocate memory (malloc(3), "Replacing malloc" of the glibc manual; operator new and delete).
 */
const EXPECTED =
  /^(?:_init|_fini|_start|main|_end|_edata|_etext|__bss_start|data_start|__data_start|_IO_stdin_used|environ|__environ|malloc|free|calloc|realloc|reallocarray|cfree|memalign|aligned_alloc|posix_memalign|valloc|pvalloc|malloc_usable_size|_Zn[wa].*|_Zd[la].*)$/

/** By what numbers the files, for whether one file defines a name does not depend on the world: see {@link definedBefore}. */
const KNOWN = new WeakMap<object, Map<string, readonly string[]>>()

/**
 * Symbols that the object at `path` both defines and refers to, and that the object at `winner` defines as well.
 *
 * @returns sorted byte strings
 */
export function definedBefore(world: World, libc: 'glibc' | 'musl', path: string, winner: string): readonly string[] {
  const file = world.symbolFile(path)
  const other = world.symbolFile(winner)
  const known = KNOWN.get(world.numbering) ?? new Map<string, readonly string[]>()
  KNOWN.set(world.numbering, known)
  const pair = `${libc} ${file.id} ${other.id}`
  const found = known.get(pair) ?? passedOver(libc, file, other)
  known.set(pair, found)
  return found
}

function passedOver(libc: 'glibc' | 'musl', file: SymbolFile, other: SymbolFile): readonly string[] {
  const references = file.ownReferences
  // DF_SYMBOLIC: it is searched before all others for its own references; musl has no such thing.
  if (references.count === 0 || (file.symbolic && libc === 'glibc')) return []
  const matcher = matcherFor(libc)
  // Reading what another file copies costs more than all the rest, and hardly any pair asks for it.
  let copied: ReadonlySet<string> | null = null
  const found: string[] = []
  for (let i = 0; i < references.count; i += 1) {
    matcher.take(file, references, i)
    if (!matcher.isDefinedBy(other) || matcher.binding !== STB_GLOBAL) continue
    const name = references.text(i)
    if (EXPECTED.test(name) || hasVagueLinkage(name)) continue
    copied ??= copiedBy(other)
    if (!copied.has(name)) found.push(name)
  }
  return found.sort()
}

/** Data that a program keeps for a library, which is meant to take it from there (copy relocations). */
function copiedBy({ references }: SymbolFile): ReadonlySet<string> {
  const names = new Set<string>()
  for (let i = 0; i < references.count; i += 1) {
    if (((references.kinds[i] ?? 0) & REFERENCE_COPY) !== 0) names.add(references.text(i))
  }
  return names
}
