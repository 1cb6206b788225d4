/** SYM002: a version that the library which wins does not define. */
import { expect, it } from 'vitest'
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioPackage, StudioSpec } from '../support/studio.ts'
import { findingsOf, inSystem } from '../support/studio.ts'
import { executable, library } from '../support/symbols.ts'

const soname = 'libtiff.so.6'
const app: StudioPackage = {
  requires: ['tiff'],
  files: { 'bin/app': executable({ wants: { [soname]: ['f@LIBTIFF_4.5'] } }) },
}
const either: StudioPackage = { ...app, requires: ['tiff', 'newtiff'] }
const tiff = (...versions: string[]): StudioPackage => ({
  files: { [`lib/${soname}`]: library(soname, { versions, gives: versions.map((version) => `f@${version}`) }) },
})
const studio = (packages: StudioSpec['packages'], more: Partial<StudioSpec> = {}): StudioSpec => ({
  packages,
  base: null,
  ...more,
})
const old = tiff('LIBTIFF_4.0')
const right = tiff('LIBTIFF_4.0', 'LIBTIFF_4.5')
const asking = { [inSystem('libsys.so.1')]: library('libsys.so.1', { wants: { [soname]: ['f@LIBTIFF_4.5'] } }) }
const viaSystem: StudioPackage = { files: { 'bin/app': executable({ needs: ['libsys.so.1'] }) } }

ruleWorlds('SYM002', {
  found: [
    {
      name: "the package's copy that wins and lacks the version",
      studio: studio({ 'app-1': app, 'tiff-4.0': old }),
      finds: ['app-1 LIBTIFF_4.5 error'],
      says: ['tiff-4.0 lib/libtiff.so.6 does not define'],
      afterRepair: studio({ 'app-1': app, 'tiff-4.5': right }),
    },
    {
      name: 'a copy that stands before the one that defines it',
      studio: studio({ 'tiff-4.0': old, 'app-1': either, 'newtiff-4.5': right }),
      finds: ['app-1 LIBTIFF_4.5 error'],
      afterRepair: studio({ 'tiff-4.0': { files: {} }, 'app-1': either, 'newtiff-4.5': right }),
    },
    {
      name: 'the copy of a package that a file of the system gets, about that package',
      studio: studio({ 'app-1': viaSystem, 'tiff-4.0': old }, { host: asking }),
      finds: ['tiff-4.0 LIBTIFF_4.5 error'],
      says: ['the host (/usr/lib/x86_64-linux-gnu/libsys.so.1) demands'],
      afterRepair: studio({ 'app-1': viaSystem, 'tiff-4.5': right }, { host: asking }),
    },
  ],
  clean: [
    { name: 'where the version is defined', studio: studio({ 'app-1': app, 'tiff-4.5': right }) },
    {
      name: 'where the copy that defines it stands first',
      studio: studio({ 'newtiff-4.5': right, 'app-1': either, 'tiff-4.0': old }),
    },
    {
      name: 'about two files of the system, which belong to nobody here',
      studio: studio(
        { 'app-1': viaSystem },
        { host: { ...asking, [inSystem(soname)]: library(soname, { versions: ['OTHER_1'] }) } },
      ),
    },
  ],
})

it('tells who provides what, and offers the copy of the context that defines it', () => {
  const [finding] = findingsOf('SYM002', studio({ 'tiff-4.0': old, 'app-1': app, 'newtiff-4.5': right }))
  expect(finding).toMatchObject({
    world: 'host',
    objects: ['bin/app'],
    evidence: { provider_package: 'tiff-4.0', defines: ['LIBTIFF_4.0'] },
  })
  expect(finding?.repairs).toEqual([expect.objectContaining({ target: 'newtiff-4.5 LD_LIBRARY_PATH' })])
})
