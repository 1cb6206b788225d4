/** HST007: a library that is older than the machine's driver demands. */
import { describe, expect, it } from 'vitest'
import type { StudioFile, StudioSpec } from '../support/studio.ts'
import { findingsOf, inSystem, verdicts } from '../support/studio.ts'
import { executable, library } from '../support/symbols.ts'

const cuda = 'libcuda.so.1'
const cxx = (...versions: string[]): StudioFile => library('libstdc++.so.6', { versions })
const libc = (...versions: string[]): StudioFile => library('libc.so.6', { versions })
const app = { requires: [], files: { 'bin/app': executable({ needs: [cuda, 'libstdc++.so.6', 'libc.so.6'] }) } }
const driver = library(cuda, { wants: { 'libstdc++.so.6': ['f@GLIBCXX_3.4.30'] } })
const host = { [inSystem(cuda)]: driver, [inSystem('libstdc++.so.6')]: cxx('GLIBCXX_3.4.30') }

describe('driver-closure-conflict', () => {
  it("names a package's old copy that the host's driver would be given", () => {
    const packages = { 'app-1': app, 'gcc-4.8': { files: { 'lib/libstdc++.so.6': cxx('GLIBCXX_3.4.19') } } }
    const [finding, ...more] = findingsOf('HST007', {
      packages,
      host,
      base: { [inSystem('libstdc++.so.6')]: cxx('GLIBCXX_3.4.30') },
    })
    expect(more).toEqual([])
    expect(finding).toMatchObject({
      package: 'gcc-4.8',
      subject: 'libstdc++.so.6',
      severity: 'warn',
      confidence: 'exact',
      objects: ['lib/libstdc++.so.6'],
      evidence: { driver: 'nvidia', needs: 'GLIBCXX_3.4.30', has: 'GLIBCXX_3.4.19' },
    })
    expect(finding?.repairs).toEqual([
      expect.objectContaining({ kind: 'exclude', target: 'gcc-4.8 lib/libstdc++.so.6' }),
    ])
  })

  it('is about the package that needs the driver where the base is too old', () => {
    const base = { [inSystem('libstdc++.so.6')]: cxx('GLIBCXX_3.4.19') }
    expect(verdicts('HST007', { packages: { 'app-1': app }, host, base })).toEqual(['app-1 libstdc++.so.6 warn'])
  })

  it('takes the profile of the driver where no host tells', () => {
    const base = (version: string): StudioSpec['base'] & object => ({
      [inSystem('libc.so.6')]: libc(version),
      [inSystem('libstdc++.so.6')]: cxx('GLIBCXX_3.4.30'),
    })
    const [finding] = findingsOf('HST007', { packages: { 'app-1': app }, host: null, base: base('GLIBC_2.12') })
    expect(finding).toMatchObject({
      package: 'app-1',
      subject: 'libc.so.6',
      confidence: 'inferred',
      evidence: { needs: 'GLIBC_2.17' },
    })
    expect(verdicts('HST007', { packages: { 'app-1': app }, host: null, base: base('GLIBC_2.17') })).toEqual([])
  })

  it('is gone without the old copy, and says nothing where no driver is needed', () => {
    const base = { [inSystem('libstdc++.so.6')]: cxx('GLIBCXX_3.4.30') }
    expect(verdicts('HST007', { packages: { 'app-1': app }, host, base })).toEqual([])
    const plain = { files: { 'bin/app': executable({ needs: ['libstdc++.so.6'] }) } }
    const packages = { 'app-1': plain, 'gcc-4.8': { files: { 'lib/libstdc++.so.6': cxx('GLIBCXX_3.4.19') } } }
    expect(verdicts('HST007', { packages, host, base })).toEqual([])
  })
})
