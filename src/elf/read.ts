/** Reads one file as ELF: header, segments, dynamic section, versions and notes, through program headers only. */
import type { ElfHeader, ElfObject, ElfReading, ObjectKind } from '../domain/object.ts'
import { DF_1_PIE, ET_DYN, ET_EXEC } from '../domain/object.ts'
import type { ByteSource } from '../domain/source.ts'
import { ElfBytes, stringAt } from './bytes-view.ts'
import { dynamicFacts, readDynamic, stringTable } from './dynamic.ts'
import type { DynamicFacts } from './dynamic.ts'
import { PT_DYNAMIC, PT_GNU_STACK, PT_INTERP, PT_LOAD, readHeader, readProgramHeaders } from './header.ts'
import type { ProgramHeader } from './header.ts'
import { readNotes } from './notes.ts'
import { readVersions } from './versions.ts'
import type { Versions } from './versions.ts'

const PF_X = 1
const PATH_MAX = 4096

/**
 * Reads the facts of one file with a few bounded reads; section headers and the rest of the file are left alone.
 *
 * @param source the bytes; read from here only during the call
 * @param file the name that faults carry
 * @returns what could be read; every failure is a fault with its offset
 */
export function readElf(source: ByteSource, file: string): ElfReading {
  const elf = new ElfBytes(source, file)
  const head = readHeader(elf)
  if (head === null) return { header: null, object: null, size: elf.size, faults: elf.faults }
  const segments = readProgramHeaders(elf, head.header, head.programHeaders)
  const object = segments === null ? null : readObject(elf, head.header, segments)
  return { header: head.header, object, size: elf.size, faults: elf.faults }
}

const NO_DYNAMIC: DynamicFacts = {
  needs: [],
  soname: null,
  rpath: null,
  runpath: null,
  audit: null,
  depaudit: null,
  flags: 0,
  flags1: 0,
  relr: false,
}
const NO_VERSIONS: Versions = { needs: [], definitions: [], indexed: [], hasDefinitions: false }

function readObject(elf: ElfBytes, header: ElfHeader, segments: readonly ProgramHeader[]): ElfObject {
  const interpreter = readInterpreter(elf, segments)
  const notes = readNotes(elf, segments, header.machine)
  const segment = segments.find((one) => one.type === PT_DYNAMIC)
  const dynamic = segment === undefined || !isStored(elf, segments, segment) ? null : readDynamic(elf, segment)
  const strings = dynamic === null ? null : stringTable(elf, dynamic, segments)
  const facts = dynamic === null ? NO_DYNAMIC : dynamicFacts(dynamic, strings)
  const versions = dynamic === null ? NO_VERSIONS : readVersions(elf, dynamic, segments, strings)
  const stack = segments.find((one) => one.type === PT_GNU_STACK)
  return {
    header,
    kind: kindOf(header, segments, interpreter, dynamic !== null, facts),
    interpreter,
    dynamic: dynamic !== null,
    ...facts,
    versionNeeds: versions.needs,
    versionDefinitions: versions.definitions,
    hasVersionDefinitions: versions.hasDefinitions,
    loads: segments.filter((one) => one.type === PT_LOAD),
    ...notes,
    executableStack: stack === undefined ? null : (stack.flags & PF_X) !== 0,
  }
}

/**
 * Whether the file holds the bytes of PT_DYNAMIC. In a split debug file it is empty, or its offset leads to unrelated
 * bytes because the section has none: then the PT_LOAD around its address has no file part that reaches it.
 */
function isStored(elf: ElfBytes, segments: readonly ProgramHeader[], dynamic: ProgramHeader): boolean {
  if (dynamic.fileSize === 0) return false
  const loads = segments.filter((one) => one.type === PT_LOAD)
  const around = loads.find((one) => dynamic.address >= one.address && dynamic.address < one.address + one.memorySize)
  if (around === undefined) return loads.length === 0 || dynamic.offset < elf.size
  return dynamic.address + Math.min(dynamic.fileSize, 16) <= around.address + around.fileSize
}

function readInterpreter(elf: ElfBytes, segments: readonly ProgramHeader[]): string | null {
  const segment = segments.find((one) => one.type === PT_INTERP)
  if (segment === undefined) return null
  const bytes = elf.at(segment.offset, Math.min(segment.fileSize, PATH_MAX))
  const text = stringAt(bytes, 0)
  if (text === null || text === '') {
    elf.fault('malformed', segment.offset, 'PT_INTERP holds no path that ends within 4096 bytes')
    return null
  }
  return text
}

function kindOf(
  header: ElfHeader,
  segments: readonly ProgramHeader[],
  interpreter: string | null,
  dynamic: boolean,
  facts: DynamicFacts,
): ObjectKind {
  if (header.type === 1) return 'relocatable'
  if (header.type === 4) return 'core'
  const hasSegment = segments.some((one) => one.type === PT_DYNAMIC)
  if (hasSegment && !dynamic) return 'debug'
  if (header.type === ET_EXEC) return interpreter === null && !dynamic ? 'static' : 'program'
  if (header.type !== ET_DYN) return 'other'
  if (interpreter !== null && ((facts.flags1 & DF_1_PIE) !== 0 || facts.soname === null)) return 'program'
  if ((facts.flags1 & DF_1_PIE) !== 0) return 'static-pie'
  return 'library'
}
