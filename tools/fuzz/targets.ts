/** Every parser that reads what a stranger wrote, and what counts as having got past its header. */
import type { Fault } from '../../src/domain/fault.ts'
import { parsePython } from '../../src/rez/python/parse.ts'
import { BlockBudget } from '../../src/elf/blocks.ts'
import { symbolQuery } from '../../src/elf/hash.ts'
import { readElf } from '../../src/elf/read.ts'
import { openSymbols } from '../../src/elf/symbol-file.ts'
import { readSymbols } from '../../src/elf/symbols.ts'
import { readRxt } from '../../src/rez/context/rxt.ts'
import type { Rxt } from '../../src/rez/context/rxt.ts'
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

/** A symbol that some of the files define. */
const QUERY = symbolQuery('alpha')

const isFaults = (value: Rxt | readonly Fault[]): value is readonly Fault[] => Array.isArray(value)

/** The header of a text is its first line: a fault below it, or in one of its fields, is past it. */
const isBelowFirstLine = (faults: readonly Fault[]): boolean =>
  faults.some(({ line, message }) => (line !== null && line > 1) || /^resolved_packages|not solved/.test(message))

export const targets: readonly Target[] = [
  {
    name: 'elf',
    seeds: ELF_SEEDS,
    header: 64,
    weight: 45,
    parse: (bytes) => {
      const source = { size: bytes.length, read: (at: number, length: number) => bytes.subarray(at, at + length) }
      readSymbols(source, 'input')
      const symbols = openSymbols(0, 'input', () => ({ ...source, close: () => undefined }), new BlockBudget())
      for (const list of [symbols.references, symbols.ownReferences])
        for (let i = 0; i < list.count; i += 1) list.text(i)
      const { hash, bytes: name } = QUERY
      symbols.visit(hash, name, () => false)
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
    parse: (bytes) => {
      const { definition, faults } = readPackagePy(text(bytes), 'package.py', parsePython)
      return definition !== null || isBelowFirstLine(faults)
    },
  },
  {
    name: 'package.yaml',
    seeds: YAML_SEEDS,
    header: 0,
    weight: 4,
    parse: (bytes) => {
      const { definition, faults } = readPackageYaml(text(bytes), 'package.yaml', parsePython)
      return definition !== null || isBelowFirstLine(faults)
    },
  },
  {
    name: 'context.rxt',
    seeds: CONTEXT_SEEDS,
    header: 0,
    weight: 6,
    parse: (bytes) => {
      const context = readRxt(text(bytes), 'context.rxt')
      return !isFaults(context) || isBelowFirstLine(context)
    },
  },
]
