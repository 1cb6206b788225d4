/** Notes: build id, ABI tag, GNU properties, and what an object says it opens later (elf(5), gABI, dlopen notes). */
import type { AbiTag, DlopenNote, GnuProperties } from '../domain/object.ts'
import { EM_AARCH64 } from '../domain/object.ts'
import { dlopenNotes } from './dlopen.ts'
import type { ElfFile } from './file.ts'
import type { Part, Segments } from './segments.ts'

const NT_GNU_ABI_TAG = 1
const NT_GNU_BUILD_ID = 3
const NT_GNU_PROPERTY = 5
const NT_DLOPEN = 0x407c0c0a
const X86_FEATURE_1_AND = 0xc0000002
const AARCH64_FEATURE_1_AND = 0xc0000000
const X86_ISA_1_NEEDED = 0xc0008002
const X86_ISA_1_USED = 0xc0010002
/** Bytes of one segment of notes; package metadata and dlopen notes are some KiB at most. */
const MAX_NOTES = 64 * 1024
const MAX_COUNT = 1024

/** What the notes say. */
export interface NoteFacts {
  abiTag: AbiTag | null
  buildId: string | null
  properties: GnuProperties
  dlopen: readonly DlopenNote[]
}

const NO_PROPERTIES: GnuProperties = { isaNeeded: 0, isaUsed: 0, features: 0 }
const NO_DLOPEN: readonly DlopenNote[] = []

/**
 * Reads all notes of a file. The property note counts where PT_GNU_PROPERTY leads to one, else in the last PT_NOTE that
 * has one, as for the loader (glibc sysdeps/x86/dl-prop.h): patchelf before 0.15 moves notes, and PT_GNU_PROPERTY then
 * leads to other bytes, which are no fault. Nor are those of a split debug file, for which `trusted` is false.
 */
export function readNotes(elf: ElfFile, segments: Segments, machine: number, trusted: boolean): NoteFacts {
  const facts: NoteFacts = { abiTag: null, buildId: null, properties: NO_PROPERTIES, dlopen: NO_DLOPEN }
  for (const part of segments.notes) readPart({ elf, machine, facts, trusted, onlyProperty: false }, part)
  const { property } = segments
  if (property !== null) readPart({ elf, machine, facts, trusted: false, onlyProperty: true }, property)
  return facts
}

interface NoteReader {
  readonly elf: ElfFile
  readonly machine: number
  readonly facts: NoteFacts
  /** Whether what is no note is a fault. */
  readonly trusted: boolean
  readonly onlyProperty: boolean
}

function readPart(reader: NoteReader, part: Part): void {
  const { elf } = reader
  const size = Math.min(part.size, MAX_NOTES)
  if (size < part.size) complain(reader, 'malformed', part.offset, `notes of ${part.size} bytes; ${MAX_NOTES} are read`)
  if (size === 0) return
  const start = elf.seek(part.offset, size)
  if (start < 0) {
    complain(reader, 'truncated', part.offset, `the file ends within its notes (${size} bytes expected)`)
    return
  }
  const align = part.align === 8 ? 8 : 4
  let at = 0
  for (let count = 0; at + 12 <= size && count < MAX_COUNT; count += 1) {
    const nameSize = elf.word(start + at)
    const contentSize = elf.word(start + at + 4)
    const content = alignUp(at + 12 + nameSize, align)
    if (content + contentSize > size) {
      complain(reader, 'malformed', part.offset + at, 'a note leads beyond its segment')
      return
    }
    readNote(reader, start + at, start + content, contentSize)
    at = alignUp(content + contentSize, align)
  }
}

function alignUp(value: number, align: number): number {
  const rest = value % align
  return rest === 0 ? value : value + align - rest
}

/** Takes one note at position `at` of the loaded bytes, its content at `content`. */
function readNote(reader: NoteReader, at: number, content: number, size: number): void {
  const { elf, facts, onlyProperty } = reader
  if (elf.word(at) !== 4) return
  const type = elf.word(at + 8)
  const owner = elf.bytes.readUInt32BE(at + 12)
  if (owner === 0x474e5500) {
    if (type === NT_GNU_PROPERTY) facts.properties = properties(reader, content, size)
    if (onlyProperty) return
    if (type === NT_GNU_BUILD_ID) facts.buildId ??= elf.bytes.toString('hex', content, content + size)
    if (type === NT_GNU_ABI_TAG && size >= 16) {
      const kernel = [elf.word(content + 4), elf.word(content + 8), elf.word(content + 12)] as const
      facts.abiTag ??= { os: elf.word(content), kernel }
    }
  } else if (owner === 0x46444f00 && type === NT_DLOPEN && !onlyProperty) {
    const found = dlopenNotes(elf.bytes, content, content + size)
    if (typeof found === 'string') complain(reader, 'malformed', null, found)
    else facts.dlopen = facts.dlopen.length === 0 ? found : [...facts.dlopen, ...found]
  }
}

function properties(reader: NoteReader, start: number, size: number): GnuProperties {
  const { elf } = reader
  const align = elf.wide ? 8 : 4
  const wanted = reader.machine === EM_AARCH64 ? AARCH64_FEATURE_1_AND : X86_FEATURE_1_AND
  let isaNeeded = 0
  let isaUsed = 0
  let features = 0
  for (let at = 0; at + 12 <= size;) {
    const type = elf.word(start + at)
    const length = elf.word(start + at + 4)
    const value = length >= 4 ? elf.word(start + at + 8) : 0
    if (type === X86_ISA_1_NEEDED) isaNeeded = value
    else if (type === X86_ISA_1_USED) isaUsed = value
    else if (type === wanted) features = value
    at += 8 + alignUp(length, align)
  }
  return { isaNeeded, isaUsed, features }
}

function complain(reader: NoteReader, kind: 'malformed' | 'truncated', offset: number | null, message: string): void {
  if (reader.trusted) reader.elf.fault(kind, offset, message)
}
