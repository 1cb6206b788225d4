/** A run path to set for one object of a package. */
import type { PackageObject } from '../domain/audit.ts'
import type { ElfReading } from '../domain/object.ts'
import type { RpathEntry } from '../domain/repair.ts'
import { failed } from '../domain/tree.ts'
import type { Tree } from '../domain/tree.ts'
import { readElf } from '../elf/read.ts'
import { fileDigest } from '../tree/digest.ts'
import { packagePath } from './paths.ts'
import { rpathRisks } from './risks.ts'

/** Entries of DT_RUNPATH, of DT_RPATH without one. */
export function runPathOf(object: ElfReading['object']): readonly string[] {
  const text = object?.runpath ?? object?.rpath ?? null
  return text === null ? [] : text.split(':')
}

/** The file of a tree as ELF; empty where it cannot be read. */
export function readingOf(tree: Tree, path: string): ElfReading {
  const file = tree.open(path)
  if (failed(file)) return { header: null, object: null, size: 0, faults: [] }
  try {
    return file.reading ?? readElf(file, path)
  } finally {
    file.close()
  }
}

export interface DrawnRunPath {
  /** The file as repair files write it. */
  readonly key: string
  readonly entry: RpathEntry
  /** What can go wrong with the change, in phrases. */
  readonly risks: readonly string[]
}

/**
 * The entry that changes the elements an object has, its tag as it is. What repairs have changed of it already counts.
 *
 * @param machine where the package lies: its file is the guard
 * @returns null where the file cannot be read there
 */
export function runPathEntry(
  object: PackageObject,
  machine: Tree,
  change: (before: readonly string[]) => readonly string[],
): DrawnRunPath | null {
  const key = packagePath(object.owner, object.path, machine)
  const sha256 = key === null ? null : fileDigest(machine, object.path)
  const elf = object.reading.object
  if (key === null || sha256 === null || elf === null) return null
  const there = readingOf(machine, object.path).object
  const entry: RpathEntry = {
    guard: { sha256, runpath: runPathOf(there) },
    set: { tag: elf.runpath === null && elf.rpath !== null ? 'rpath' : 'runpath', value: change(runPathOf(elf)) },
  }
  return { key, entry, risks: rpathRisks(there, entry) }
}
