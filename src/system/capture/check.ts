/** Whether the JSON of a capture has the shape that its reader takes for granted (docs/captures.md). */
import type { CaptureHead, PackedFile, PackedNode, PackedOwner, PackedStretches, Place } from './format.ts'

/** The head; keys of a later writer are no concern of this reader. */
export function isHead(value: unknown): value is CaptureHead {
  if (typeof value !== 'object' || value === null) return false
  const head = value as Partial<Record<keyof CaptureHead, unknown>>
  return (
    typeof head.label === 'string' &&
    (head.platform === null || typeof head.platform === 'string') &&
    [head.environment, head.notes].every(isTexts) &&
    [head.names, head.files, head.owners].every(isPlace) &&
    [head.core, head.symbols].every((places) => Array.isArray(places) && places.every(isPlace))
  )
}

export function isFiles(value: unknown): value is readonly PackedFile[] {
  return Array.isArray(value) && value.every(isFile)
}

/** The entries of one folder; those of the folders in it are for whoever goes into them. */
export function isNodes(value: unknown): value is readonly PackedNode[] {
  return Array.isArray(value) && value.every(isNode)
}

export function isOwners(value: unknown): value is readonly PackedOwner[] {
  return Array.isArray(value) && value.every(isOwner)
}

function isFile(value: unknown): value is PackedFile {
  if (!Array.isArray(value)) return false
  const [kind, size, modified, core, symbols] = value as readonly unknown[]
  return [0, 1, 2].includes(kind as number) && isCount(size) && isTime(modified) && [core, symbols].every(isStretches)
}

function isStretches(value: unknown): value is PackedStretches {
  if (!Array.isArray(value)) return false
  const [block, at, pairs] = value as readonly unknown[]
  return isCount(block) && isCount(at) && Array.isArray(pairs) && pairs.length % 2 === 0 && pairs.every(isCount)
}

function isNode(value: unknown): value is PackedNode {
  if (!Array.isArray(value)) return false
  const [name, kind, first, second, third] = value as readonly unknown[]
  if (typeof name !== 'string') return false
  switch (kind) {
    case 0:
      return isCount(first) && isTime(second) && Array.isArray(third)
    case 1:
      return isCount(first) && isCount(second)
    case 2:
      return isCount(first) && isCount(second) && typeof third === 'string'
    case 3:
      return typeof first === 'string'
    default:
      return kind === 4
  }
}

function isOwner(value: unknown): value is PackedOwner {
  if (!Array.isArray(value)) return false
  const [manager, name, version, files] = value as readonly unknown[]
  return isTexts([manager, name, version]) && isTexts(files)
}

function isPlace(value: unknown): value is Place {
  return Array.isArray(value) && value.length === 3 && value.every(isCount)
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

/** Seconds since 1970, of which an old file may have less than none. */
function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value)
}

/** A size, a place, a mode: nothing else is counted with. */
function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
