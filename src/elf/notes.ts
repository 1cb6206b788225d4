/** Notes: build id, ABI tag, GNU properties, and what an object says it opens later (elf(5), gABI, systemd's dlopen note). */
import { decodeBytes } from '../domain/bytes.ts'
import type { AbiTag, DlopenNote, GnuProperties } from '../domain/object.ts'
import type { ElfBytes } from './bytes-view.ts'
import type { ProgramHeader } from './header.ts'
import { PT_GNU_PROPERTY, PT_NOTE } from './header.ts'

const NT_GNU_ABI_TAG = 1
const NT_GNU_BUILD_ID = 3
const NT_GNU_PROPERTY = 5
const NT_DLOPEN = 0x407c0c0a
const X86_FEATURE_1_AND = 0xc0000002
const AARCH64_FEATURE_1_AND = 0xc0000000
const X86_ISA_1_NEEDED = 0xc0008002
const X86_ISA_1_USED = 0xc0010002
const EM_AARCH64 = 183
const MAX_NOTES = 64 * 1024
const MAX_COUNT = 1024

export interface NoteFacts {
  abiTag: AbiTag | null
  buildId: string | null
  properties: GnuProperties
  dlopen: readonly DlopenNote[]
}

/** Reads all notes of a file. */
export function readNotes(elf: ElfBytes, segments: readonly ProgramHeader[], machine: number): NoteFacts {
  const facts: NoteFacts = {
    abiTag: null,
    buildId: null,
    properties: { isaNeeded: 0, isaUsed: 0, features: 0 },
    dlopen: [],
  }
  const hasProperty = segments.some((segment) => segment.type === PT_GNU_PROPERTY)
  for (const segment of segments) {
    if (segment.type !== PT_NOTE && segment.type !== PT_GNU_PROPERTY) continue
    if (segment.fileSize > MAX_NOTES) {
      elf.fault('malformed', segment.offset, `notes of ${segment.fileSize} bytes; only ${MAX_NOTES} are read`)
    }
    const bytes = elf.at(segment.offset, Math.min(segment.fileSize, MAX_NOTES))
    readSegment(elf, bytes, segment, machine, facts, segment.type === PT_NOTE && hasProperty)
  }
  return facts
}

function readSegment(
  elf: ElfBytes,
  bytes: Uint8Array,
  segment: ProgramHeader,
  machine: number,
  facts: NoteFacts,
  skipProperty: boolean,
): void {
  const align = segment.align === 8 ? 8 : 4
  const pad = (size: number): number => Math.ceil(size / align) * align
  let at = 0
  for (let count = 0; at + 12 <= bytes.length && count < MAX_COUNT; count += 1) {
    const nameSize = elf.word(bytes, at)
    const size = elf.word(bytes, at + 4)
    const type = elf.word(bytes, at + 8)
    const start = at + 12 + (align === 8 ? pad(12 + nameSize) - 12 : pad(nameSize))
    if (nameSize > MAX_NOTES || size > MAX_NOTES || start + size > bytes.length) {
      elf.fault('malformed', segment.offset + at, 'a note leads beyond its segment')
      return
    }
    const owner = decodeBytes(bytes, at + 12, at + 12 + Math.max(0, nameSize - 1))
    const content = bytes.subarray(start, start + size)
    if (!(skipProperty && type === NT_GNU_PROPERTY)) readNote(elf, owner, type, content, machine, facts)
    at = start + pad(size)
  }
}

function readNote(
  elf: ElfBytes,
  owner: string,
  type: number,
  content: Uint8Array,
  machine: number,
  facts: NoteFacts,
): void {
  if (owner === 'FDO' && type === NT_DLOPEN) facts.dlopen = [...facts.dlopen, ...dlopenNotes(elf, content)]
  if (owner !== 'GNU') return
  if (type === NT_GNU_BUILD_ID) facts.buildId ??= Buffer.from(content).toString('hex')
  if (type === NT_GNU_ABI_TAG && content.length >= 16) {
    const kernel = [elf.word(content, 4), elf.word(content, 8), elf.word(content, 12)] as const
    facts.abiTag ??= { os: elf.word(content, 0), kernel }
  }
  if (type === NT_GNU_PROPERTY) facts.properties = properties(elf, content, machine)
}

function properties(elf: ElfBytes, content: Uint8Array, machine: number): GnuProperties {
  const align = elf.wide ? 8 : 4
  const values = new Map<number, number>()
  for (let at = 0; at + 8 <= content.length;) {
    const size = elf.word(content, at + 4)
    if (size >= 4 && at + 12 <= content.length) values.set(elf.word(content, at), elf.word(content, at + 8))
    at += 8 + Math.ceil(Math.min(size, MAX_NOTES) / align) * align
  }
  const features = machine === EM_AARCH64 ? AARCH64_FEATURE_1_AND : X86_FEATURE_1_AND
  return {
    isaNeeded: values.get(X86_ISA_1_NEEDED) ?? 0,
    isaUsed: values.get(X86_ISA_1_USED) ?? 0,
    features: values.get(features) ?? 0,
  }
}

/** The JSON array of an ELF dlopen note; what is not of the shape is named and left out. */
function dlopenNotes(elf: ElfBytes, content: Uint8Array): readonly DlopenNote[] {
  const text = decodeBytes(content).replace(/\0+$/, '')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    elf.fault('malformed', null, 'a dlopen note does not hold JSON')
    return []
  }
  return (Array.isArray(value) ? value : []).flatMap((item) => dlopenNote(item))
}

function dlopenNote(item: unknown): readonly DlopenNote[] {
  if (typeof item !== 'object' || item === null) return []
  const { feature, description, priority, soname } = item as Record<string, unknown>
  const sonames = Array.isArray(soname) ? soname.filter((name): name is string => typeof name === 'string') : []
  if (sonames.length === 0) return []
  return [
    {
      feature: typeof feature === 'string' ? feature : null,
      description: typeof description === 'string' ? description : null,
      priority: priority === 'required' || priority === 'suggested' ? priority : 'recommended',
      sonames,
    },
  ]
}
