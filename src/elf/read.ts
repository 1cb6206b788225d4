/** Reads one file as ELF: header, segments, dynamic section, versions and notes, through program headers only. */
import type { ElfHeader, ElfObject, ElfReading, Need, VersionDefinition, VersionNeed } from '../domain/object.ts'
import type { Fault } from '../domain/fault.ts'
import type { ByteSource } from '../domain/source.ts'
import { DynamicSection, locateDynamic, readDynamic, stringTable } from './dynamic.ts'
import { ElfFile } from './file.ts'
import { readHeader } from './header.ts'
import { kindOf } from './kind.ts'
import { readNotes } from './notes.ts'
import type { Segments } from './segments.ts'
import { readSegments, segmentOf } from './segments.ts'
import type { StringTable } from './strings.ts'
import { NAME_LIMIT, nameAt, textAt } from './strings.ts'
import type { RawVersions } from './versions.ts'
import { nameDefinitions, nameNeeds, readVersionTables } from './versions.ts'

const PF_X = 1
/** Tables and names that lie this close are fetched by one read. */
const CLOSE = 16 * 1024
/** Bytes behind the last name or table that are fetched with it. */
const TAIL = 128
const VERSION_TAIL = 1024

/**
 * Reads the facts of one file with a few bounded reads; section headers and the rest of the file are left alone.
 *
 * @param source the bytes; read from here only during the call
 * @param file the name that faults carry
 * @returns what could be read; every failure is a fault with its offset
 */
export function readElf(source: ByteSource, file: string): ElfReading {
  const elf = new ElfFile(source, file)
  const head = readHeader(elf)
  if (head === null) return { header: null, object: null, size: elf.size, faults: elf.faults }
  const segments = readSegments(elf, head.header, head.programHeaders)
  const object = segments === null ? null : readObject(elf, head.header, segments, head.complete)
  return { header: head.header, object, size: elf.size, faults: elf.faults.length === 0 ? NO_FAULTS : elf.faults }
}

const NO_FAULTS: readonly Fault[] = []
const NO_SECTION: DynamicSection = new DynamicSection()

function readObject(elf: ElfFile, header: ElfHeader, segments: Segments, complete: boolean): ElfObject {
  const interpreter = readInterpreter(elf, segments)
  const part = locateDynamic(elf, segments, complete)
  if (part === 'truncated') {
    elf.fault('truncated', segments.dynamic?.offset ?? null, 'the file ends before the dynamic section')
  }
  const section = part === null || part === 'truncated' ? null : readDynamic(elf, part)
  const debug = segments.dynamic !== null && section === null && part !== 'truncated'
  const names = section === null ? NO_NAMES : readNames(elf, section, segments)
  const notes = readNotes(elf, segments, header.machine, !debug)
  const { flags, flags1, relr, verdef } = section ?? NO_SECTION
  const object: ElfObject = {
    header,
    kind: kindOf(header, { interpreter, dynamic: section !== null, soname: names.soname, flags1, debug }),
    interpreter,
    dynamic: section !== null,
    soname: names.soname,
    needs: names.needs,
    rpath: names.rpath,
    runpath: names.runpath,
    flags,
    flags1,
    audit: names.audit,
    depaudit: names.depaudit,
    versionNeeds: names.versionNeeds,
    versionDefinitions: names.versionDefinitions,
    hasVersionDefinitions: verdef >= 0,
    relr,
    loads: segments.loads,
    abiTag: notes.abiTag,
    properties: notes.properties,
    buildId: notes.buildId,
    dlopen: notes.dlopen,
    executableStack: segments.stackFlags === null ? null : (segments.stackFlags & PF_X) !== 0,
  }
  return segments.tls ? { ...object, tls: true } : object
}

function readInterpreter(elf: ElfFile, segments: Segments): string | null {
  const part = segments.interpreter
  if (part === null || part.size === 0) return null
  const length = Math.min(part.size, NAME_LIMIT)
  const at = elf.seek(part.offset, length)
  const text = at < 0 ? null : textAt(elf.bytes, at, at + length)
  if (text !== null && text !== '') return text
  const problem = at < 0 ? 'lies outside the file' : `holds no path that ends within ${NAME_LIMIT} bytes`
  elf.fault(at < 0 ? 'truncated' : 'malformed', part.offset, `PT_INTERP ${problem}`)
  return null
}

interface Names {
  readonly needs: readonly Need[]
  readonly soname: string | null
  readonly rpath: string | null
  readonly runpath: string | null
  readonly audit: string | null
  readonly depaudit: string | null
  readonly versionNeeds: readonly VersionNeed[]
  readonly versionDefinitions: readonly VersionDefinition[]
}

const NO_NAMES: Names = {
  needs: [],
  soname: null,
  rpath: null,
  runpath: null,
  audit: null,
  depaudit: null,
  versionNeeds: [],
  versionDefinitions: [],
}

function readNames(elf: ElfFile, section: DynamicSection, segments: Segments): Names {
  const strings = stringTable(elf, section, segments)
  const span = spanOfNames(section)
  if (strings !== null) fetchTables(elf, section, segments, strings, span)
  const raw = readVersionTables(elf, section.verneed, section.verdef, segments.loads)
  if (strings === null) return NO_NAMES
  fetchNames(elf, strings, span, raw)
  const text = (position: number, what: string): string | null =>
    position < 0 ? null : nameAt(elf, strings, position, what)
  const needs: Need[] = []
  for (const { kind, position } of section.needs) {
    const name = nameAt(elf, strings, position, 'a need')
    if (name !== null) needs.push({ kind, name })
  }
  return {
    needs,
    soname: text(section.soname, 'DT_SONAME'),
    rpath: text(section.rpath, 'DT_RPATH'),
    runpath: text(section.runpath, 'DT_RUNPATH'),
    audit: text(section.audit, 'DT_AUDIT'),
    depaudit: text(section.depaudit, 'DT_DEPAUDIT'),
    versionNeeds: nameNeeds(elf, raw.needs, strings),
    versionDefinitions: nameDefinitions(elf, raw.definitions, strings),
  }
}

interface Span {
  readonly first: number
  readonly last: number
}

/** Smallest and largest position of the names in the dynamic section; Infinity and -1 where there is none. */
function spanOfNames(section: DynamicSection): Span {
  let first = Infinity
  let last = -1
  for (const { position } of section.needs) {
    if (position < first) first = position
    if (position > last) last = position
  }
  for (const position of [section.soname, section.rpath, section.runpath]) {
    if (position < 0) continue
    if (position < first) first = position
    if (position > last) last = position
  }
  return { first, last }
}

/** Fetches version tables and names at once where a linker put them close together, as most do. */
function fetchTables(
  elf: ElfFile,
  section: DynamicSection,
  segments: Segments,
  strings: StringTable,
  span: Span,
): void {
  let from = Infinity
  let to = -1
  for (const address of [section.verneed, section.verdef]) {
    const load = address < 0 ? null : segmentOf(segments.loads, address)
    if (load === null) continue
    const offset = address - load.address + load.offset
    from = Math.min(from, offset)
    to = Math.max(to, Math.min(offset + VERSION_TAIL, load.offset + load.fileSize))
  }
  if (span.last >= 0) {
    const first = Math.min(from, strings.start + span.first)
    const last = Math.max(to, Math.min(strings.start + span.last + TAIL, strings.end))
    if (last - first <= CLOSE) {
      from = first
      to = last
    }
  }
  if (to - from <= CLOSE) elf.prefetch(from, to)
}

/** Fetches all names at once unless they lie far apart. */
function fetchNames(elf: ElfFile, strings: StringTable, span: Span, raw: RawVersions): void {
  const first = Math.min(span.first, raw.first)
  const last = Math.max(span.last, raw.last)
  if (last < 0) return
  elf.prefetch(strings.start + first, Math.min(strings.start + last + TAIL, strings.end))
}
