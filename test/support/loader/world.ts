/** Small root file systems with a stand-in for a glibc, and what Airtight says of them. */
import type { Closure } from '../../../src/domain/closure.ts'
import type { Cpu, World } from '../../../src/domain/system.ts'
import { resolveClosure, traceRoot } from '../../../src/loader/closure.ts'
import { cpuOfLevel } from '../../../src/system/cpu.ts'
import { openSystem } from '../../../src/system/open.ts'
import { createWorld } from '../../../src/system/world.ts'
import { buildElf } from '../elf/build.ts'
import type { ElfSpec } from '../elf/spec.ts'
import { writeCache } from '../system/cache-writer.ts'
import type { WrittenCache } from '../system/cache-writer.ts'
import type { Content } from '../system/folder.ts'
import { makeTree } from '../system/folder.ts'
import type { GlibcVersion } from './stand-ins.ts'
import { libcBytes, loaderBytes, loaderName } from './stand-ins.ts'

export const LOADER = '/lib64/ld-linux-x86-64.so.2'
export const DF_1_PIE = 0x08000000
const FOLDER = '/usr/lib/x86_64-linux-gnu'

/** An object, or anything else that can stand at a path. */
export type FileSpec = ElfSpec | Content

export interface WorldSpec {
  readonly version?: GlibcVersion
  readonly cpu?: Cpu
  readonly cache?: WrittenCache
  readonly libraryPath?: string
  readonly preload?: string
  readonly cwd?: string
  /** No files of a glibc. */
  readonly bare?: boolean
}

/** A position-independent program. */
export function program(spec: ElfSpec): ElfSpec {
  return { interpreter: LOADER, flags1: DF_1_PIE, ...spec }
}

/** A world with the given files, a loader and a libc.so.6. */
export function makeWorld(files: Readonly<Record<string, FileSpec>>, spec: WorldSpec = {}): World {
  const version = spec.version ?? [2, 36]
  const all: Record<string, Content> = spec.bare === true ? {} : glibc(version)
  if (spec.cache !== undefined) all['/etc/ld.so.cache'] = writeCache(spec.cache)
  for (const [path, file] of Object.entries(files)) all[path] = isContent(file) ? file : buildElf(file)
  const system = openSystem(makeTree(all), { cpu: spec.cpu ?? cpuOfLevel(1) })
  const environment = { libraryPath: spec.libraryPath ?? null, preload: spec.preload ?? null, folder: spec.cwd ?? '/' }
  return createWorld({ name: 'host', system, environment })
}

function glibc(version: GlibcVersion): Record<string, Content> {
  return {
    '/lib': { link: 'usr/lib' },
    '/lib64': { link: 'usr/lib64' },
    [`${FOLDER}/${loaderName(version)}`]: loaderBytes(version),
    [`/usr${LOADER}`]: { link: `${FOLDER}/${loaderName(version)}` },
    [`${FOLDER}/libc.so.6`]: libcBytes(version),
  }
}

function isContent(file: FileSpec): file is Content {
  return file === null || typeof file === 'string' || file instanceof Uint8Array || 'link' in file
}

/** The closure of one root in a new world. */
export function closure(files: Readonly<Record<string, FileSpec>>, root: string, spec: WorldSpec = {}): Closure {
  return resolveClosure(makeWorld(files, spec), root)
}

/** What the loader's trace prints, as `name => path`; `-` for not found. A trace that ends in an error is that error. */
export function trace(
  files: Readonly<Record<string, FileSpec>>,
  root: string,
  spec: WorldSpec = {},
): readonly string[] {
  const { loaded, fatal } = traceRoot(makeWorld(files, spec), root)
  return fatal === null ? loaded.map(({ name, path }) => `${name} => ${path ?? '-'}`) : [`fatal: ${fatal}`]
}
