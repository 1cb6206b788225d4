/** Objects that are known by facts alone, as a profile or an index of OS packages knows them, and how they are asked for. */
import type { ElfHeader, ElfReading, VersionDefinition } from '../domain/object.ts'
import { ELFCLASS64, ELFDATA2LSB, ET_DYN } from '../domain/object.ts'
import type { OpenFile } from '../domain/tree.ts'
import { readElf } from './read.ts'

/** What an opened file is as ELF: what its tree knows of it already, else what its bytes tell. */
export function readOpened(file: OpenFile, path: string): ElfReading {
  return file.reading ?? readElf(file, path)
}

export interface ObjectFacts {
  readonly soname: string
  readonly machine: number
  /** ELFCLASS32 or ELFCLASS64. */
  readonly elfClass: number
  /** ELFDATA2LSB where absent. */
  readonly data?: number
  /** Names of the version nodes it defines; null where it defines none. Every one counts as defined, no other. */
  readonly versions: readonly string[] | null
}

/**
 * The reading of a library that has this soname and these version nodes, as the loader would accept it. Its needs and
 * symbols are not known: `virtual` says so.
 */
export function virtualObject(facts: ObjectFacts): ElfReading {
  const wide = facts.elfClass === ELFCLASS64
  const header: ElfHeader = {
    class: facts.elfClass,
    data: facts.data ?? ELFDATA2LSB,
    identVersion: 1,
    osabi: 0,
    abiVersion: 0,
    padded: false,
    type: ET_DYN,
    machine: facts.machine,
    version: 1,
    flags: 0,
    phentsize: wide ? 56 : 32,
    phnum: 2,
  }
  return {
    header,
    object: {
      header,
      kind: 'library',
      interpreter: null,
      dynamic: true,
      soname: facts.soname,
      needs: [],
      rpath: null,
      runpath: null,
      flags: 0,
      flags1: 0,
      audit: null,
      depaudit: null,
      versionNeeds: [],
      versionDefinitions: facts.versions === null ? [] : definitions(facts.soname, facts.versions),
      hasVersionDefinitions: facts.versions !== null,
      relr: false,
      loads: [{ offset: 0, address: 0, fileSize: 4096, memorySize: 4096, align: 4096, flags: 4 }],
      abiTag: null,
      properties: { isaNeeded: 0, isaUsed: 0, features: 0 },
      buildId: null,
      dlopen: [],
      executableStack: false,
    },
    // What the loader looks at first: long enough to hold a header.
    size: 4096,
    faults: [],
    virtual: true,
  }
}

function definitions(soname: string, versions: readonly string[]): readonly VersionDefinition[] {
  const base: VersionDefinition = { name: soname, base: true, weak: false, parents: [] }
  return [base, ...versions.map((name) => ({ name, base: false, weak: false, parents: [] }))]
}
