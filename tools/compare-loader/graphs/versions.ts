/** Symbol versions of the objects of a graph. */
import type { ElfSpec } from '../../../test/support/elf/spec.ts'
import type { GraphMaker } from './generate.ts'

/** Versions that an object defines, and demands of what it needs; `index` is -1 for a program. */
export function versionsOf(maker: GraphMaker, index: number, wanted: readonly string[]): ElfSpec {
  const { random } = maker
  if (!maker.themes.has('versions')) return {}
  const defines = random.chance(0.5) ? { versionDefinitions: random.sample(['V1', 'V2', 'V3'], random.int(1, 3)) } : {}
  if (index >= 0 && random.chance(0.5)) return defines
  const files = wanted.filter((name) => /^lib[a-z]+\.so/.test(name))
  if (random.chance(0.1)) files.push('libstranger.so.1')
  if (files.length === 0) return defines
  const file = random.pick(files)
  const versions = random
    .sample(['V1', 'V2', 'V3', 'V9'], random.int(1, 2))
    .map((name) => ({ name, weak: random.chance(0.3) }))
  return { ...defines, versionNeeds: [{ file, versions }] }
}

/** DT_RELR in an object that needs libc, which may or may not say so. */
export function relativeOf(maker: GraphMaker): ElfSpec {
  const name = maker.random.pick(['GLIBC_ABI_DT_RELR', 'GLIBC_2.2.5'])
  return { relr: true, versionNeeds: [{ file: 'libc.so.6', versions: [{ name, weak: true }] }] }
}
