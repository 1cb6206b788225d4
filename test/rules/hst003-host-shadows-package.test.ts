/** HST003: a public copy is in the context, yet the system's copy wins. */
import { describe, expect, it } from 'vitest'
import { findingsOf, inSystem, lib, otherLib, program, verdicts } from '../support/studio.ts'

const app = { requires: ['ocio-2.2'], files: { 'bin/app': program('libOpenColorIO.so.2') } }
const hidden = { libraryPath: [], files: { 'lib/libOpenColorIO.so.2': lib('libOpenColorIO.so.2') } }
const older = { [inSystem('libOpenColorIO.so.2')]: otherLib('libOpenColorIO.so.2') }

describe('host-shadows-package', () => {
  it('names both copies and the path that would find the packaged one', () => {
    const [finding, ...more] = findingsOf('HST003', { packages: { 'app-1': app, 'ocio-2.2.1': hidden }, host: older })
    expect(more).toEqual([])
    expect(finding).toMatchObject({
      package: 'app-1',
      subject: 'libOpenColorIO.so.2',
      severity: 'error',
      world: 'host',
      evidence: { base: 'lacks' },
    })
    expect(finding?.message).toContain('/usr/lib/x86_64-linux-gnu/libOpenColorIO.so.2')
    expect(finding?.message).toContain('ocio-2.2.1 lib/libOpenColorIO.so.2')
    expect(finding?.repairs).toEqual([
      expect.objectContaining({
        kind: 'environment',
        text: "env.LD_LIBRARY_PATH.append('{root}/lib') in commands() of ocio-2.2.1.",
      }),
    ])
  })

  it('says what the winner lacks of the symbols that are asked for', () => {
    const symbols = (...names: string[]): { name: string }[] => names.map((name) => ({ name }))
    const soname = 'libOpenColorIO.so.2'
    const taken = ['apply', 'display'].map((name) => ({ name, defined: false }))
    const asking = { elf: { interpreter: '/lib64/ld-linux-x86-64.so.2', needs: [soname], symbols: taken } }
    const packaged = { elf: { soname, symbols: symbols('apply', 'display', 'unused'), filler: 8 } }
    const [finding] = findingsOf('HST003', {
      packages: {
        'app-1': { requires: ['ocio-2.2'], files: { 'bin/app': asking } },
        'ocio-2.2.1': { libraryPath: [], files: { [`lib/${soname}`]: packaged } },
      },
      host: { [inSystem(soname)]: { elf: { soname, symbols: symbols('apply') } } },
    })
    expect(finding?.evidence).toMatchObject({ symbols_asked: 2, symbols_lost: ['display'] })
    expect(finding?.message).toContain('lacks 1 of the 2 symbols asked for, such as display')
  })

  it('comes before HST002 and HST001', () => {
    const spec = { packages: { 'app-1': app, 'ocio-2.2.1': hidden }, host: older, base: older, provides: {} }
    expect(verdicts('HST003', spec)).toEqual(['app-1 libOpenColorIO.so.2 error'])
    expect(verdicts('HST002', spec)).toEqual([])
    expect(verdicts('HST001', spec)).toEqual([])
  })

  it('is a note when both files are one build and the base has it', () => {
    const same = { [inSystem('libOpenColorIO.so.2')]: lib('libOpenColorIO.so.2') }
    const packages = { 'app-1': app, 'ocio-2.2.1': hidden }
    expect(verdicts('HST003', { packages, host: same, base: same })).toEqual(['app-1 libOpenColorIO.so.2 note'])
  })

  it('is a suspicion where the package is neither required nor on the library path', () => {
    const packages = { 'app-1': { ...app, requires: [] }, 'vendor-1': hidden }
    const [finding] = findingsOf('HST003', { packages, host: older, base: older })
    expect(finding).toMatchObject({ severity: 'warn', confidence: 'inferred' })
  })

  it.each([
    ['the packaged copy wins', { ...hidden, libraryPath: ['lib'] }],
    [
      'the copy is private',
      { libraryPath: [], files: { 'lib/private/libOpenColorIO.so.2': lib('libOpenColorIO.so.2') } },
    ],
    [
      'the copy is for another machine',
      {
        libraryPath: [],
        files: { 'lib/libOpenColorIO.so.2': { elf: { class: 32 as const, soname: 'libOpenColorIO.so.2' } } },
      },
    ],
  ])('is silent where %s', (_, ocio) => {
    expect(verdicts('HST003', { packages: { 'app-1': app, 'ocio-2.2.1': ocio }, host: older, base: older })).toEqual([])
  })
})
