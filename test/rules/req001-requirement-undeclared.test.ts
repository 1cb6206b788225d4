/** REQ001: requires does not name the package at all. */
import { expect, it } from 'vitest'
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioFile, StudioPackage, StudioSpec } from '../support/studio.ts'
import { INTERPRETER, findingsOf, inSystem, lib, otherLib, program } from '../support/studio.ts'

const oiio: StudioPackage = { files: { 'lib/libOpenImageIO.so.2.4': lib('libOpenImageIO.so.2.4', 'libtiff.so.6') } }
const tiff: StudioPackage = { files: { 'lib/libtiff.so.6': lib('libtiff.so.6') } }
const studio = (item: Partial<StudioPackage>, more: Partial<StudioSpec> = {}): StudioSpec => ({
  packages: { 'oiio-2.4': { ...oiio, ...item }, 'tiff-4.5.1': tiff },
  ...more,
})
const declared = { requires: ['tiff-4.5'] }
const onSystem: StudioSpec = {
  packages: { 'oiio-2.4': oiio, 'tiff-4.5.1': { ...tiff, libraryPath: [] } },
  host: { [inSystem('libtiff.so.6')]: otherLib('libtiff.so.6') },
}

/** A tool of ocio needs a library of oiio, which requires ocio through another package. */
const circle = (tools: Readonly<Record<string, StudioFile>>): StudioSpec => ({
  packages: {
    'ocio-2.1': { files: { 'lib/libocio.so.2': lib('libocio.so.2'), ...tools } },
    'oiio-2.4': { requires: ['between'], files: { 'lib/liboiio.so.2': lib('liboiio.so.2') } },
    'between-1': { requires: ['ocio'], files: {} },
  },
})

ruleWorlds('REQ001', {
  found: [
    {
      name: 'what binds in a context, as a warning',
      studio: studio({}),
      finds: ['oiio-2.4 tiff warn'],
      afterRepair: [studio(declared), studio({ variant: { index: 0, requires: ['tiff-4'] } })],
    },
    {
      name: 'what a package about to be released does not declare, as an error',
      studio: studio({}, { purpose: 'lint' }),
      finds: ['oiio-2.4 tiff error'],
      afterRepair: studio(declared, { purpose: 'lint' }),
    },
    {
      name: 'the owner of the library although the system answers',
      studio: onSystem,
      finds: ['oiio-2.4 tiff warn'],
      afterRepair: { ...onSystem, packages: { ...onSystem.packages, 'oiio-2.4': { ...oiio, ...declared } } },
    },
    {
      name: 'what is missing without any system',
      studio: studio({}, { host: null, base: null }),
      finds: ['oiio-2.4 tiff warn'],
      afterRepair: studio(declared, { host: null, base: null }),
    },
    {
      name: 'what only a conflict and a weak requirement name',
      studio: studio({ requires: ['!tiff-3', '~tiff-4'] }),
      finds: ['oiio-2.4 tiff warn'],
      afterRepair: studio({ requires: ['!tiff-3', '~tiff-4', 'tiff'] }),
    },
    {
      name: 'what would close a circle, which Rez refuses',
      studio: circle({ 'bin/convert': program('liboiio.so.2') }),
      finds: ['ocio-2.1 oiio warn'],
      says: ['oiio-2.4 requires it in turn through between.'],
      afterRepair: circle({}),
    },
  ],
  clean: [
    { name: 'where requires names the package', studio: studio({ requires: ['tiff-4+<5'] }) },
    { name: 'where the variant names it', studio: studio({ variant: { index: 0, requires: ['tiff-4'] } }) },
    {
      name: 'where the package has a public copy itself',
      studio: studio({ files: { ...oiio.files, ...tiff.files } }),
    },
    {
      name: 'where the copy is private',
      studio: {
        packages: {
          'oiio-2.4': oiio,
          'maya-2024': { libraryPath: [], files: { 'lib/private/libtiff.so.6': lib('libtiff.so.6') } },
        },
      },
    },
    {
      name: 'where every system gives the library',
      studio: {
        packages: {
          'oiio-2.4': { files: { 'bin/x': program('libstdc++.so.6') } },
          'gcc-12': { files: { 'lib/libstdc++.so.6': lib('libstdc++.so.6') } },
        },
      },
    },
    {
      name: "where the package's own private copy answers",
      studio: studio({
        files: {
          'bin/x': {
            elf: { type: 'exec', interpreter: INTERPRETER, needs: ['libtiff.so.6'], rpath: '$ORIGIN/../lib/private' },
          },
          'lib/private/libtiff.so.6': lib('libtiff.so.6'),
        },
      }),
    },
  ],
})

it('tells the sonames, what the system bound, and the range to require', () => {
  const [finding] = findingsOf('REQ001', studio({}))
  expect(finding?.evidence).toMatchObject({ sonames: ['libtiff.so.6'], bound_to: [] })
  expect(finding?.repairs[0]?.text).toBe("Add 'tiff-4.5' to requires of oiio-2.4.")
  expect(findingsOf('REQ001', onSystem)[0]?.evidence['bound_to']).toEqual(['/usr/lib/x86_64-linux-gnu/libtiff.so.6'])
})

it('says what to move where a requirement would close a circle', () => {
  const [finding] = findingsOf('REQ001', circle({ 'bin/convert': program('liboiio.so.2') }))
  expect(finding?.evidence['required_by']).toEqual(['oiio', 'between', 'ocio'])
  expect(finding?.repairs).toEqual([
    {
      kind: 'advice',
      target: 'ocio oiio',
      text:
        'Move bin/convert out of ocio-2.1, into a package of its own that requires both, or into oiio-2.4: ' +
        'Rez refuses packages that require each other in a circle.',
    },
  ])
})
