/** HST007: a library that is older than the machine's driver demands. */
import { expect, it } from 'vitest'
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioFile, StudioPackage, StudioSpec } from '../support/studio.ts'
import { findingsOf, inSystem } from '../support/studio.ts'
import { executable, library } from '../support/symbols.ts'

const cuda = 'libcuda.so.1'
const cxx = (version: string): StudioFile => library('libstdc++.so.6', { versions: [version] })
const withCxx = (version: string): Readonly<Record<string, StudioFile>> => ({
  [inSystem('libstdc++.so.6')]: cxx(version),
})
const app: StudioPackage = { files: { 'bin/app': executable({ needs: [cuda, 'libstdc++.so.6', 'libc.so.6'] }) } }
const plain: StudioPackage = { files: { 'bin/app': executable({ needs: ['libstdc++.so.6'] }) } }
const oldGcc: StudioPackage = { files: { 'lib/libstdc++.so.6': cxx('GLIBCXX_3.4.19') } }
const driver = library(cuda, { wants: { 'libstdc++.so.6': ['f@GLIBCXX_3.4.30'] } })
const host = { [inSystem(cuda)]: driver, ...withCxx('GLIBCXX_3.4.30') }

const studio = (packages: StudioSpec['packages'], base: string): StudioSpec => ({ packages, host, base: withCxx(base) })
/** No host that tells: the profile of the driver does. */
const byProfile = (version: string): StudioSpec => ({
  packages: { 'app-1': app },
  host: null,
  base: { [inSystem('libc.so.6')]: library('libc.so.6', { versions: [version] }), ...withCxx('GLIBCXX_3.4.30') },
})
const packaged = studio({ 'app-1': app, 'gcc-4.8': oldGcc }, 'GLIBCXX_3.4.30')

ruleWorlds('HST007', {
  found: [
    {
      name: "a package's old copy that the host's driver would be given",
      studio: packaged,
      finds: ['gcc-4.8 libstdc++.so.6 warn'],
      afterRepair: studio({ 'app-1': app }, 'GLIBCXX_3.4.30'),
    },
    {
      name: 'a base that is too old, about the package that needs the driver',
      studio: studio({ 'app-1': app }, 'GLIBCXX_3.4.19'),
      finds: ['app-1 libstdc++.so.6 warn'],
      afterRepair: studio({ 'app-1': app }, 'GLIBCXX_3.4.30'),
    },
    {
      name: 'a base older than the profile of the driver demands, where no host tells',
      studio: byProfile('GLIBC_2.12'),
      finds: ['app-1 libc.so.6 warn'],
      says: ['GLIBC_2.17'],
      afterRepair: byProfile('GLIBC_2.17'),
    },
  ],
  clean: [
    { name: 'where the base is new enough', studio: studio({ 'app-1': app }, 'GLIBCXX_3.4.30') },
    { name: 'where no driver is needed', studio: studio({ 'app-1': plain, 'gcc-4.8': oldGcc }, 'GLIBCXX_3.4.30') },
  ],
})

it('tells who demands what, and which file to leave out', () => {
  const [finding] = findingsOf('HST007', packaged)
  expect(finding).toMatchObject({
    confidence: 'exact',
    objects: ['lib/libstdc++.so.6'],
    evidence: { driver: 'nvidia', needs: 'GLIBCXX_3.4.30', has: 'GLIBCXX_3.4.19' },
  })
  expect(finding?.repairs).toEqual([expect.objectContaining({ kind: 'exclude', target: 'gcc-4.8 lib/libstdc++.so.6' })])
  expect(findingsOf('HST007', byProfile('GLIBC_2.12'))[0]).toMatchObject({
    confidence: 'inferred',
    evidence: { needs: 'GLIBC_2.17' },
  })
})
