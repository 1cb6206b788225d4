/**
 * Builds ELF files from a declaration. What it makes for x86-64 is mapped and traced by the real loader: one read-only
 * segment with all tables and a stub that exits, one writable segment with the dynamic section.
 */
import type { ElfDeclaration } from './declaration.ts'
import { notes, symbolTables, versionTables } from './tables.ts'
import { Strings, Writer } from './writer.ts'

const PAGE = 4096

interface Segment {
  readonly type: number
  readonly flags: number
  readonly offset: number
  readonly address: number
  readonly fileSize: number
  readonly memorySize: number
  readonly align: number
}

/** The bytes of the declared file. */
export function buildElf(spec: ElfDeclaration = {}): Uint8Array {
  const wide = (spec.bits ?? 64) === 64
  const little = (spec.order ?? 'little') === 'little'
  const make = (): Writer => new Writer(wide, little)
  const base = spec.type === 2 ? 0x400000 : 0
  const body = layOut(spec, make, base)
  return assemble(spec, make, base, body)
}

interface Part {
  readonly bytes: Uint8Array
  readonly offset: number
}

interface Body {
  readonly parts: ReadonlyMap<string, Part>
  /** End of the read-only part of the file. */
  readonly end: number
  readonly headerSize: number
  readonly dynamic: Uint8Array | null
  readonly dynamicOffset: number
}

/** Places every table after the headers; the dynamic section begins a new page. */
function layOut(spec: ElfDeclaration, make: () => Writer, base: number): Body {
  const wide = make().wide
  const headerSize = (wide ? 64 : 52) + 10 * (wide ? 56 : 32) + (spec.manyHeaders === true ? 64 : 0)
  const strings = new Strings()
  const versions = versionTables(spec, make, strings)
  const symbols = symbolTables(spec, make, strings, versions, base + headerSize)
  const tags = stringTags(spec, strings)
  const noted = notes(spec, make)
  const parts = new Map<string, Part>()
  let at = headerSize
  const place = (name: string, bytes: Uint8Array | null): void => {
    if (bytes === null || bytes.length === 0) return
    at = Math.ceil(at / 8) * 8
    parts.set(name, { bytes, offset: at })
    at += bytes.length
  }
  place('interpreter', spec.interpreter === undefined ? null : make().text(spec.interpreter).bytes())
  place('notes', noted.plain)
  place('property', noted.property)
  place('data', spec.data ?? null)
  if (spec.dynamic !== false) {
    place('strings', strings.bytes())
    place('symtab', symbols.symtab)
    if (spec.hash !== 'gnu') place('hash', symbols.hash)
    if (spec.hash !== 'sysv') place('gnuHash', symbols.gnuHash)
    if (versions.verneed !== null || versions.verdef !== null) place('versym', symbols.versym)
    place('verneed', versions.verneed)
    place('verdef', versions.verdef)
  }
  place('code', wide ? EXIT_64 : EXIT_32)
  const dynamicOffset = Math.ceil(at / PAGE) * PAGE
  const counts = { verneed: versions.verneedCount, verdef: versions.verdefCount }
  const dynamic = spec.dynamic === false ? null : dynamicSection(spec, make(), base, parts, tags, counts)
  return { parts, end: at, headerSize, dynamic, dynamicOffset }
}

// exit(0) by system call, for x86-64 and i386.
const EXIT_64 = Uint8Array.of(0x31, 0xff, 0xb8, 0x3c, 0, 0, 0, 0x0f, 0x05)
const EXIT_32 = Uint8Array.of(0xb8, 1, 0, 0, 0, 0x31, 0xdb, 0xcd, 0x80)

/** Tags whose values are positions in the string table. */
function stringTags(spec: ElfDeclaration, strings: Strings): readonly (readonly [number, number])[] {
  const tags: (readonly [number, number])[] = []
  for (const need of spec.needs ?? []) {
    if (typeof need === 'string') tags.push([1, strings.add(need)])
    else if ('filter' in need) tags.push([0x7fffffff, strings.add(need.filter)])
    else tags.push([0x7ffffffd, strings.add(need.auxiliary)])
  }
  const named: readonly (readonly [number, string | undefined])[] = [
    [14, spec.soname],
    [15, spec.rpath],
    [29, spec.runpath],
    [0x6ffffefc, spec.audit],
    [0x6ffffefb, spec.depaudit],
  ]
  for (const [tag, text] of named) if (text !== undefined) tags.push([tag, strings.add(text)])
  return tags
}

function dynamicSection(
  spec: ElfDeclaration,
  out: Writer,
  base: number,
  parts: ReadonlyMap<string, Part>,
  tags: readonly (readonly [number, number])[],
  counts: { readonly verneed: number; readonly verdef: number },
): Uint8Array {
  for (const [tag, value] of tags) out.native(tag, value)
  const address = (name: string, tag: number): void => {
    const part = parts.get(name)
    if (part !== undefined) out.native(tag, base + part.offset)
  }
  address('hash', 4)
  address('gnuHash', 0x6ffffef5)
  if (spec.strayStrings === true) out.native(5, 0x7fff0000)
  else address('strings', 5)
  address('symtab', 6)
  out.native(10, parts.get('strings')?.bytes.length ?? 0)
  out.native(11, out.wide ? 24 : 16)
  address('versym', 0x6ffffff0)
  address('verneed', 0x6ffffffe)
  if (parts.has('verneed')) out.native(0x6fffffff, counts.verneed)
  address('verdef', 0x6ffffffc)
  if (parts.has('verdef')) out.native(0x6ffffffd, counts.verdef)
  if (spec.flags !== undefined) out.native(30, spec.flags)
  if (spec.flags1 !== undefined) out.native(0x6ffffffb, spec.flags1)
  for (const [tag, value] of spec.tags ?? []) out.native(tag, value)
  // DT_DEBUG has room for the loader's own pointer; then DT_NULL.
  if (spec.interpreter !== undefined) out.native(21, 0)
  return out.native(0, 0).bytes()
}

function segmentsOf(spec: ElfDeclaration, base: number, body: Body): readonly Segment[] {
  const align = spec.align ?? PAGE
  const segments: Segment[] = []
  const add = (
    type: number,
    flags: number,
    offset: number,
    size: number,
    fileSize: number,
    segmentAlign: number,
  ): void => {
    segments.push({ type, flags, offset, address: base + offset, fileSize, memorySize: size, align: segmentAlign })
  }
  const part = (name: string, type: number, segmentAlign: number): void => {
    const found = body.parts.get(name)
    if (found !== undefined) add(type, 4, found.offset, found.bytes.length, found.bytes.length, segmentAlign)
  }
  // The loader finds the program's load address by PT_PHDR.
  if (spec.interpreter !== undefined) {
    const headers = (spec.bits ?? 64) === 64 ? 64 : 52
    add(6, 4, headers, body.headerSize - headers, body.headerSize - headers, 8)
  }
  part('interpreter', 3, 1)
  const debug = spec.debugShape === true
  if (spec.unloadable !== true) {
    add(1, 5, 0, body.end, debug ? body.headerSize : body.end, align)
    if (body.dynamic !== null) {
      add(1, 6, body.dynamicOffset, body.dynamic.length, debug ? 0 : body.dynamic.length, align)
    }
  }
  if (body.dynamic !== null) {
    add(2, 6, body.dynamicOffset, body.dynamic.length, body.dynamic.length, 8)
  }
  part('notes', 4, 4)
  part('property', 4, (spec.bits ?? 64) === 64 ? 8 : 4)
  part('property', 0x6474e553, (spec.bits ?? 64) === 64 ? 8 : 4)
  if (spec.executableStack !== undefined) add(0x6474e551, spec.executableStack ? 7 : 6, 0, 0, 0, 16)
  return segments
}

function assemble(spec: ElfDeclaration, make: () => Writer, base: number, body: Body): Uint8Array {
  const segments = segmentsOf(spec, base, body)
  const entry = body.parts.get('code')?.offset ?? 0
  const out = make().raw(header(spec, make(), base + entry, segments.length))
  for (const segment of segments) writeSegment(out, segment)
  if (spec.manyHeaders === true) writeFirstSection(out, segments.length)
  for (const { bytes, offset } of body.parts.values()) {
    out.raw(new Uint8Array(offset - out.length)).raw(bytes)
  }
  if (body.dynamic !== null) {
    out.raw(new Uint8Array(body.dynamicOffset - out.length))
    out.raw(spec.debugShape === true ? new Uint8Array(body.dynamic.length).fill(0xab) : body.dynamic)
  }
  return out.bytes()
}

function writeSegment(out: Writer, segment: Segment): void {
  const { type, flags, offset, address, fileSize, memorySize, align } = segment
  if (out.wide) out.word(type, flags).native(offset, address, address, fileSize, memorySize, align)
  else out.word(type, offset, address, address, fileSize, memorySize, flags, align)
}

/** The section header whose sh_info holds the number of program headers (PN_XNUM). */
function writeFirstSection(out: Writer, count: number): void {
  if (out.wide) out.word(0, 0).native(0, 0, 0, 0).word(0, count).native(0, 0)
  else out.word(0, 0, 0, 0, 0, 0, 0, count, 0, 0)
}

function header(spec: ElfDeclaration, out: Writer, entry: number, segments: number): Uint8Array {
  const many = spec.manyHeaders === true
  const headerSize = out.wide ? 64 : 52
  const entrySize = out.wide ? 56 : 32
  const fields = {
    class: out.wide ? 2 : 1,
    data: out.little ? 1 : 2,
    identVersion: 1,
    osabi: 0,
    abiVersion: 0,
    padding: 0,
    type: spec.type ?? 3,
    machine: spec.machine ?? (out.wide ? 62 : 3),
    version: 1,
    flags: 0,
    phentsize: entrySize,
    phnum: many ? 0xffff : segments,
    ...spec.header,
  }
  out.byte(0x7f, 0x45, 0x4c, 0x46, fields.class, fields.data, fields.identVersion, fields.osabi, fields.abiVersion)
  out.byte(fields.padding, 0, 0, 0, 0, 0, 0)
  out.half(fields.type, fields.machine).word(fields.version)
  out.native(entry, headerSize, many ? headerSize + segments * entrySize : 0)
  out.word(fields.flags).half(headerSize, fields.phentsize, fields.phnum, out.wide ? 64 : 40, many ? 1 : 0, 0)
  return out.bytes()
}
