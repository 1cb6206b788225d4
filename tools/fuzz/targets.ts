/** Every parser that reads what a stranger wrote, and what counts as having got past its header. */
import { parsePython } from '../../src/rez/python/parse.ts'
import { readElf } from '../../src/elf/read.ts'
import { readRxt } from '../../src/rez/context/rxt.ts'
import { readPackagePy } from '../../src/rez/source/package-py.ts'
import { readPackageYaml } from '../../src/rez/source/package-yaml.ts'
import { openCache } from '../../src/system/cache.ts'
import { cpuOfLevel } from '../../src/system/cpu.ts'
import { readLoaderConfiguration } from '../../src/system/ld-so-conf.ts'
import { memoryTree } from '../../test/support/tree/memory.ts'
import {
  CACHE_HEADER,
  CACHE_NAMES,
  CACHE_SEEDS,
  CONFIGURATION_SEEDS,
  CONTEXT_SEEDS,
  ELF_SEEDS,
  PACKAGE_SEEDS,
  YAML_SEEDS,
} from './seeds.ts'

export interface Target {
  readonly name: string
  readonly seeds: readonly Uint8Array[]
  /** Length of the header in bytes. */
  readonly header: number
  /** Share of all inputs. */
  readonly weight: number
  /** Parses; true when the input got past the header. */
  readonly parse: (bytes: Uint8Array) => boolean
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8')

export const targets: readonly Target[] = [
  {
    name: 'elf',
    seeds: ELF_SEEDS,
    header: 64,
    weight: 45,
    parse: (bytes) => {
      const source = { size: bytes.length, read: (at: number, length: number) => bytes.subarray(at, at + length) }
      return readElf(source, 'input').object !== null
    },
  },
  {
    name: 'ld.so.cache',
    seeds: CACHE_SEEDS,
    header: 48,
    weight: 25,
    parse: (bytes) => {
      const cache = openCache(bytes, { header: CACHE_HEADER, version: [2, 36], cpu: cpuOfLevel(3) })
      for (const name of CACHE_NAMES) cache?.lookup(name)
      return cache !== null
    },
  },
  {
    name: 'ld.so.conf',
    seeds: CONFIGURATION_SEEDS,
    header: 0,
    weight: 8,
    parse: (bytes) => {
      const tree = memoryTree({ '/etc/ld.so.conf': bytes, '/etc/ld.so.conf.d/a.conf': bytes })
      return readLoaderConfiguration(tree).folders.length > 0
    },
  },
  {
    name: 'package.py',
    seeds: PACKAGE_SEEDS,
    header: 0,
    weight: 12,
    // A syntax error is a fault of the text as a whole: what is past it is what gave a definition.
    parse: (bytes) => {
      readPackagePy(text(bytes), 'package.py', parsePython)
      return true
    },
  },
  {
    name: 'package.yaml',
    seeds: YAML_SEEDS,
    header: 0,
    weight: 4,
    parse: (bytes) => {
      readPackageYaml(text(bytes), 'package.yaml', parsePython)
      return true
    },
  },
  {
    name: 'context.rxt',
    seeds: CONTEXT_SEEDS,
    header: 0,
    weight: 6,
    parse: (bytes) => {
      readRxt(text(bytes), 'context.rxt')
      return true
    },
  },
]
