/** SYM002: a version that the library which wins does not define. */
import { describe, expect, it } from 'vitest'
import type { StudioPackage, StudioSpec } from '../support/studio.ts'
import { findingsOf, inSystem, verdicts } from '../support/studio.ts'
import { executable, library } from '../support/symbols.ts'

const soname = 'libtiff.so.6'
const app: StudioPackage = {
  requires: ['tiff'],
  files: { 'bin/app': executable({ wants: { [soname]: ['f@LIBTIFF_4.5'] } }) },
}
const tiff = (...versions: string[]): StudioPackage => ({
  files: { [`lib/${soname}`]: library(soname, { versions, gives: versions.map((version) => `f@${version}`) }) },
})
const audit = (packages: StudioSpec['packages']): StudioSpec => ({ packages, base: null })

describe('symver-absent', () => {
  it("names the package's copy that wins and lacks the version", () => {
    const [finding, ...more] = findingsOf('SYM002', audit({ 'app-1': app, 'tiff-4.0': tiff('LIBTIFF_4.0') }))
    expect(more).toEqual([])
    expect(finding).toMatchObject({
      package: 'app-1',
      subject: 'LIBTIFF_4.5',
      severity: 'error',
      world: 'host',
      objects: ['bin/app'],
      evidence: { provider_package: 'tiff-4.0', defines: ['LIBTIFF_4.0'] },
    })
    expect(finding?.message).toContain('tiff-4.0 lib/libtiff.so.6 does not define')
  })

  it('offers the copy of the context that defines it, and is gone when that wins', () => {
    const right = tiff('LIBTIFF_4.0', 'LIBTIFF_4.5')
    const [finding] = findingsOf(
      'SYM002',
      audit({ 'tiff-4.0': tiff('LIBTIFF_4.0'), 'app-1': app, 'newtiff-4.5': right }),
    )
    expect(finding?.repairs).toEqual([expect.objectContaining({ target: 'newtiff-4.5 LD_LIBRARY_PATH' })])
    expect(verdicts('SYM002', audit({ 'newtiff-4.5': right, 'app-1': app, 'tiff-4.0': tiff('LIBTIFF_4.0') }))).toEqual(
      [],
    )
  })

  it('is about the package whose copy a file of the system gets', () => {
    const packages = {
      'app-1': { files: { 'bin/app': executable({ needs: ['libsys.so.1'] }) } },
      'tiff-4.0': tiff('LIBTIFF_4.0'),
    }
    const host = { [inSystem('libsys.so.1')]: library('libsys.so.1', { wants: { [soname]: ['f@LIBTIFF_4.5'] } }) }
    const [finding] = findingsOf('SYM002', { packages, host, base: null })
    expect(finding).toMatchObject({ package: 'tiff-4.0', objects: [`lib/${soname}`] })
    expect(finding?.message).toContain('the host (/usr/lib/x86_64-linux-gnu/libsys.so.1) demands')
  })

  it('says nothing of two files of the system, which belong to nobody here', () => {
    const packages = { 'app-1': { files: { 'bin/app': executable({ needs: ['libsys.so.1'] }) } } }
    const host = {
      [inSystem('libsys.so.1')]: library('libsys.so.1', { wants: { [soname]: ['f@LIBTIFF_4.5'] } }),
      [inSystem(soname)]: library(soname, { versions: ['OTHER_1'] }),
    }
    expect(verdicts('SYM002', { packages, host, base: null })).toEqual([])
  })
})
