/** HST003: a public copy is in the context, yet the system's copy wins. */
import { describe, expect, it } from 'vitest'
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioFile, StudioPackage, StudioSpec } from '../support/studio.ts'
import { INTERPRETER, findingsOf, inSystem, lib, otherLib, program, verdicts } from '../support/studio.ts'

const soname = 'libOpenColorIO.so.2'
const app: StudioPackage = { requires: ['ocio-2.2'], files: { 'bin/app': program(soname) } }
const hidden: StudioPackage = { libraryPath: [], files: { [`lib/${soname}`]: lib(soname) } }
const shown: StudioPackage = { ...hidden, libraryPath: ['lib'] }
const older = { [inSystem(soname)]: otherLib(soname) }
const same = { [inSystem(soname)]: lib(soname) }
const studio = (ocio: StudioPackage, systems: Partial<StudioSpec> = { host: older, base: older }): StudioSpec => ({
  packages: { 'app-1': app, 'ocio-2.2.1': ocio },
  ...systems,
})
const unasked: StudioSpec = {
  packages: { 'app-1': { files: app.files }, 'vendor-1': hidden },
  host: older,
  base: older,
}

const names = (...symbols: string[]): { name: string }[] => symbols.map((name) => ({ name }))
const taken = ['apply', 'display'].map((name) => ({ name, defined: false }))
const asking: StudioFile = { elf: { interpreter: INTERPRETER, needs: [soname], symbols: taken } }
const newer: StudioFile = { elf: { soname, symbols: names('apply', 'display', 'unused'), filler: 8 } }
const withSymbols = (libraryPath: readonly string[]): StudioSpec => ({
  packages: {
    'app-1': { requires: ['ocio-2.2'], files: { 'bin/app': asking } },
    'ocio-2.2.1': { libraryPath, files: { [`lib/${soname}`]: newer } },
  },
  host: { [inSystem(soname)]: { elf: { soname, symbols: names('apply') } } },
})

ruleWorlds('HST003', {
  found: [
    {
      name: 'both copies where the folder of the packaged one is on no library path',
      studio: studio(hidden, { host: older }),
      finds: ['app-1 libOpenColorIO.so.2 error'],
      says: ['/usr/lib/x86_64-linux-gnu/libOpenColorIO.so.2', 'ocio-2.2.1 lib/libOpenColorIO.so.2'],
      afterRepair: studio(shown, { host: older }),
    },
    {
      name: 'what the winner lacks of the symbols that are asked for',
      studio: withSymbols([]),
      finds: ['app-1 libOpenColorIO.so.2 error'],
      says: ['lacks 1 of the 2 symbols asked for, such as display'],
      afterRepair: withSymbols(['lib']),
    },
    {
      name: 'files of one build that the base has too, as a note',
      studio: studio(hidden, { host: same, base: same }),
      finds: ['app-1 libOpenColorIO.so.2 note'],
      afterRepair: studio(shown, { host: same, base: same }),
    },
    {
      name: 'a package that is neither required nor on the library path, as a suspicion',
      studio: unasked,
      finds: ['app-1 libOpenColorIO.so.2 warn'],
      afterRepair: { ...unasked, policy: { privateDirs: ['lib'] } },
    },
    {
      name: 'the cause that HST001 and HST002 would name too',
      studio: studio(hidden, { host: older, base: older, provides: {} }),
      finds: ['app-1 libOpenColorIO.so.2 error'],
      afterRepair: studio(shown, { host: older, base: older, provides: {} }),
    },
  ],
  clean: [
    { name: 'where the packaged copy wins', studio: studio(shown) },
    {
      name: 'where the copy is private',
      studio: studio({ libraryPath: [], files: { [`lib/private/${soname}`]: lib(soname) } }),
    },
    {
      name: 'where the copy is for another machine',
      studio: studio({ libraryPath: [], files: { [`lib/${soname}`]: { elf: { class: 32, soname } } } }),
    },
  ],
})

describe('host-shadows-package', () => {
  it('says which path would find the packaged copy', () => {
    const [finding] = findingsOf('HST003', studio(hidden, { host: older }))
    expect(finding).toMatchObject({ world: 'host', evidence: { base: 'lacks' } })
    expect(finding?.repairs).toEqual([
      expect.objectContaining({
        kind: 'environment',
        text: "env.LD_LIBRARY_PATH.append('{root}/lib') in commands() of ocio-2.2.1.",
      }),
    ])
    expect(findingsOf('HST003', withSymbols([]))[0]?.evidence).toMatchObject({
      symbols_asked: 2,
      symbols_lost: ['display'],
    })
    expect(findingsOf('HST003', unasked)[0]?.confidence).toBe('inferred')
  })

  it('comes before HST002 and HST001', () => {
    const spec = studio(hidden, { host: older, base: older, provides: {} })
    expect(verdicts('HST002', spec)).toEqual([])
    expect(verdicts('HST001', spec)).toEqual([])
  })
})
