/** The use cases of `base`: begin a declaration, and show a system as its loader sees it. */
import { EM_386, EM_AARCH64, EM_X86_64, ELFCLASS32, ELFCLASS64 } from '../domain/object.ts'
import type { Fault } from '../domain/fault.ts'
import type { LoaderSetup, System } from '../domain/system.ts'
import type { FoundLibrary, SystemFacts, SystemLoader } from '../report/system.ts'
import { initBase } from '../system/base-init.ts'
import { namePattern } from '../system/covered.ts'
import { inventoryOf } from '../system/inventory.ts'
import { levelName, parseCpu } from '../system/cpu.ts'
import { openSource } from '../system/source.ts'
import { isFileSource, isLayout, isPrefixed } from '../system/source-kind.ts'
import { staleness, stalenessNotes } from '../system/staleness.ts'

const MACHINES: readonly (readonly [machine: number, elfClass: number])[] = [
  [EM_X86_64, ELFCLASS64],
  [EM_AARCH64, ELFCLASS64],
  [EM_386, ELFCLASS32],
]

/**
 * The text of a first `base.yaml` for a tree.
 *
 * @param root what `root:`, or `capture:` for a file, is to say: the source as seen from the declaration
 */
export async function beginBase(source: string, root: string): Promise<string | Fault> {
  const system = await openSource(source, null, 'rpm')
  if ('message' in system) return system
  // An image is no place that a declaration can name: its capture is.
  if (isPrefixed(source) || isLayout(source)) return initBase(system, { root: null })
  return isFileSource(source) ? initBase(system, { root: null, capture: root }) : initBase(system, { root })
}

/**
 * What Airtight knows of a system; a fault where it is none.
 *
 * @param pattern a search for libraries by soname, path or OS package; `*` and `?` are wildcards
 */
export async function showSystem(
  source: string,
  cpuName: string | null,
  pattern: string | null = null,
): Promise<SystemFacts | Fault> {
  const cpu = cpuName === null ? null : parseCpu(cpuName)
  if (cpu !== null && 'message' in cpu) return cpu
  const system = await openSource(source, cpu, 'rpm')
  if ('message' in system) return system
  const facts = factsOf(system)
  return pattern === null ? facts : { ...facts, found: findLibraries(system, pattern) }
}

/** Libraries whose soname, file or OS package a pattern fits, sorted by soname. */
function findLibraries(system: System, pattern: string): readonly FoundLibrary[] {
  const expression = namePattern(pattern)
  return [...inventoryOf(system).libraries.values()]
    .filter(({ soname, path, owner }) => [soname, path, owner?.name ?? ''].some((name) => expression.test(name)))
    .map(({ soname, path, owner, versions }) => ({
      soname,
      path,
      package: owner === null ? null : `${owner.name} ${owner.version}`,
      versions,
    }))
}

function factsOf(system: System): SystemFacts {
  const loaders = MACHINES.map(([machine, elfClass]) => system.loader(null, machine, elfClass)).filter(
    (setup) => setup !== null,
  )
  const { declaration } = system
  return {
    schema: 'airtight/system/v1',
    label: system.label,
    os: system.os,
    declared:
      declaration === null
        ? null
        : {
            name: declaration.name,
            image: declaration.image,
            os_packages: declaration.osPackages,
            sonames: declaration.sonames,
            drivers: declaration.drivers,
            cpu: levelName(declaration.cpu),
          },
    loaders: loaders.map(loaderOf),
    notes: [...system.notes, ...loaders.flatMap((setup) => stalenessNotes(staleness(system, setup)))],
    faults: system.faults,
  }
}

function loaderOf(setup: LoaderSetup): SystemLoader {
  return {
    path: setup.path,
    file: setup.file,
    libc: setup.libc,
    version: setup.version?.join('.') ?? null,
    evidence: setup.evidence,
    folders: setup.libc === 'musl' ? setup.muslPath : setup.systemFolders,
    subfolders: [...new Set(setup.subfolders)],
    cache: setup.cache !== null,
    preload: setup.preload,
  }
}
