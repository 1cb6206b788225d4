/**
 * Names that objects and Python files may open at run time, as far as they stand there in plain text. A heuristic with
 * bounds: read-only segments of objects that import dlopen, and literals in Python files.
 */
import type { ContextAudit, PackageObject } from '../../domain/audit.ts'
import type { ElfObject, LoadSegment } from '../../domain/object.ts'
import type { ByteSource } from '../../domain/source.ts'
import type { OpenFile } from '../../domain/tree.ts'
import { failed } from '../../domain/tree.ts'

/** Names found in one file. */
export interface OpenNames {
  /** The object, or for a Python file the program that would open the names. */
  readonly caller: PackageObject
  /** The Python file relative to its payload root; null for the object itself. */
  readonly script: string | null
  readonly owner: PackageObject['owner']
  readonly names: readonly string[]
}

const CHUNK = 1 << 20
/** Longer names are no sonames; chunks overlap by as much. */
const LONGEST = 96
/** What is read at once: little enough to be searched while it is in the processor's cache. */
const PIECE = 1 << 17
/** More than any string that {@link nameAround} looks at: what one piece cuts off is whole in the next. */
const PIECE_OVERLAP = 2 * LONGEST + 8
const PER_OBJECT = 4 << 20
const PER_CONTEXT = 48 << 20
const MOST_NAMES = 64
const PYTHON_FILE = 128 << 10
const PYTHON_FILES = 1000
const PYTHON_CONTEXT = 12 << 20

const READ = 4

/** Everything that opens names, objects first. */
export function findOpenNames(audit: ContextAudit): readonly OpenNames[] {
  return [...fromObjects(audit), ...fromPython(audit)]
}

function fromObjects(audit: ContextAudit): readonly OpenNames[] {
  let left = PER_CONTEXT
  const found: OpenNames[] = []
  for (const object of audit.objects) {
    const elf = object.reading.object
    if (elf === null || left <= 0 || !mayImportDlopen(elf)) continue
    const file = audit.machine.open(object.path)
    if (failed(file)) continue
    try {
      const budget = { bytes: Math.min(left, PER_OBJECT) }
      const before = budget.bytes
      const names = namesIn(file, elf, budget)
      left -= before - budget.bytes
      if (names.length > 0) found.push({ caller: object, script: null, owner: object.owner, names })
    } finally {
      file.close()
    }
  }
  return found
}

/** dlopen stood in libdl until 2.33 and bears a version of its own in libc since 2.34 (glibc NEWS). */
function mayImportDlopen(elf: ElfObject): boolean {
  if (elf.needs.some((need) => need.name === 'libdl.so.2')) return true
  const libc = elf.versionNeeds.filter((need) => need.file === 'libc.so.6')
  return libc.length === 0 ? elf.needs.length > 0 : libc.some((need) => need.version === 'GLIBC_2.34')
}

interface Budget {
  bytes: number
}

function namesIn(file: OpenFile, elf: ElfObject, budget: Budget): readonly string[] {
  const parts = readOnly(elf)
  const first = parts[0]
  // The names of imported symbols stand in the first segment.
  if (first === undefined || !holdsText(file, first, '\0dlopen\0', budget)) return []
  const known = new Set([...elf.needs.map((need) => need.name), ...elf.versionNeeds.map((need) => need.file)])
  if (elf.soname !== null) known.add(elf.soname)
  // `libdl.so` beside a need of `libdl.so.2` is another name for what is loaded.
  const stems = new Set([...known].map(stem))
  const names = new Set<string>()
  // With code in a segment of its own, the first one holds tables alone.
  for (const part of parts.length > 1 ? parts.slice(1) : parts) collect(file, part, names, budget)
  return [...names]
    .filter((name) => !stems.has(stem(name)))
    .sort()
    .slice(0, MOST_NAMES)
}

function stem(name: string): string {
  const dot = name.indexOf('.so')
  return dot < 0 ? name : name.slice(0, dot)
}

/** Segments that are only read; older linkers put read-only data beside the code. */
function readOnly(elf: ElfObject): readonly LoadSegment[] {
  const plain = elf.loads.filter((load) => load.flags === READ && load.fileSize > 0)
  return plain.length > 0 ? plain : elf.loads.filter((load) => (load.flags & 2) === 0 && load.fileSize > 0)
}

function holdsText(file: ByteSource, part: LoadSegment, text: string, budget: Budget): boolean {
  for (const bytes of chunks(file, part, budget)) if (bytes.includes(text, 0, 'latin1')) return true
  return false
}

function collect(file: ByteSource, part: LoadSegment, names: Set<string>, budget: Budget): void {
  for (const bytes of chunks(file, part, budget)) {
    for (let at = bytes.indexOf('.so', 0, 'latin1'); at >= 0; at = bytes.indexOf('.so', at + 3, 'latin1')) {
      const name = nameAround(bytes, at)
      if (name !== null) names.add(name)
    }
  }
}

/** Bytes of a segment in overlapping pieces, as long as the budget lasts. */
function* chunks(file: ByteSource, part: LoadSegment, budget: Budget): Generator<Buffer> {
  const end = Math.min(part.offset + part.fileSize, file.size)
  for (let offset = part.offset; offset < end && budget.bytes > 0; offset += CHUNK) {
    const length = Math.min(CHUNK + LONGEST, end - offset)
    budget.bytes -= length
    yield* pieces(file, offset, offset + length)
  }
}

/** A stretch in overlapping pieces, as far as the file has it without a gap. */
function* pieces(file: ByteSource, from: number, end: number): Generator<Buffer> {
  for (let offset = from; offset < end; offset += PIECE) {
    const length = Math.min(PIECE + PIECE_OVERLAP, end - offset)
    const bytes = file.read(offset, length)
    yield Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    if (bytes.length < length || offset + length >= end) return
  }
}

/** The whole C string around `.so`, where it is a name of a library and nothing else. */
function nameAround(bytes: Buffer, dot: number): string | null {
  let start = dot
  while (start > 0 && dot - start < LONGEST && isNameByte(bytes[start - 1] ?? 0)) start -= 1
  let end = dot + 3
  while (end < bytes.length && end - dot < LONGEST && isNameByte(bytes[end] ?? 0)) end += 1
  if (start === 0 || bytes[start - 1] !== 0 || bytes[end] !== 0) return null
  const text = bytes.toString('latin1', start, end)
  return /^lib[A-Za-z0-9_+.-]*[A-Za-z0-9_+]\.so(?:\.\d+)*$/.test(text) ? text : null
}

function isNameByte(byte: number): boolean {
  if (byte >= 0x30 && byte <= 0x39) return true
  if ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a) return true
  return byte === 0x2b || byte === 0x2d || byte === 0x2e || byte === 0x5f
}

/** `CDLL("libx.so.1")` and its kin; what is computed is unknown. */
const LITERAL = /\b(?:CDLL|PyDLL|LoadLibrary|dlopen)\(\s*(['"])(lib[A-Za-z0-9_+.-]+\.so(?:\.\d+)*)\1/g

function fromPython(audit: ContextAudit): readonly OpenNames[] {
  const caller = pythonCaller(audit)
  if (caller === null) return []
  let files = PYTHON_FILES
  let left = PYTHON_CONTEXT
  const found: OpenNames[] = []
  for (const text of audit.texts) {
    // The standard library asks ctypes for what its own tests want.
    if (text.kind !== 'python' || /(?:^|\/)python\d[^/]*\/(?!(?:site|dist)-packages\/)/.test(text.relative)) continue
    if (files <= 0 || left <= 0) break
    files -= 1
    const file = audit.machine.open(text.path)
    if (failed(file)) continue
    try {
      const size = Math.min(file.size, PYTHON_FILE)
      left -= size
      const bytes = file.read(0, size)
      const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      if (!content.includes('ctypes') && !content.includes('ffi')) continue
      const names = [...new Set([...content.toString('latin1').matchAll(LITERAL)].map((match) => match[2] ?? ''))]
      if (names.length > 0) found.push({ caller, script: text.relative, owner: text.owner, names: names.sort() })
    } finally {
      file.close()
    }
  }
  return found
}

/** Python of the context, else any program: names without a slash are searched the same way by each. */
function pythonCaller(audit: ContextAudit): PackageObject | null {
  const programs = audit.objects.filter(
    (object) => object.role === 'program' && object.reading.object?.dynamic === true,
  )
  return programs.find((object) => /(?:^|\/)python[\d.]*$/.test(object.path)) ?? programs[0] ?? null
}
