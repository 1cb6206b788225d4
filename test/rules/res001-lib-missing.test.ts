/** RES001: a needed library is found nowhere. */
import { expect, it } from 'vitest'
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioFile, StudioPackage, StudioSpec } from '../support/studio.ts'
import { INTERPRETER, findingsOf, inSystem, lib, program } from '../support/studio.ts'

const app: StudioPackage = { requires: ['q'], files: { 'bin/app': program('libq.so.1') } }
const alone: StudioSpec = { packages: { 'app-1': { files: app.files } } }
const withQ = (q: StudioPackage): StudioSpec => ({ packages: { 'app-1': app, 'q-1': q } })
const hidden: StudioPackage = { libraryPath: [], files: { 'lib/private/libq.so.1': lib('libq.so.1') } }
const inQ = (file: StudioFile): StudioSpec => withQ({ files: { 'lib/libq.so.1': file } })
const installed = { [inSystem('libq.so.1')]: lib('libq.so.1') }

const core: StudioFile = { elf: { soname: 'libcore.so', needs: ['libutil.so'] } }
const util: StudioFile = { elf: { soname: 'libutil.so' } }
const karst: StudioFile = {
  elf: { type: 'exec', interpreter: INTERPRETER, needs: ['libcore.so'], rpath: '$ORIGIN/../lib' },
}
const noise: StudioFile = { elf: { needs: ['libcore.so'] } }

/** A private library and a plugin that ask for one of the package's own libraries. */
const stray = (runpath?: string): StudioSpec => {
  const needs = ['libcore.so']
  const paths = runpath === undefined ? {} : { runpath }
  const files = {
    'lib/libcore.so': lib('libcore.so'),
    'plugins/noise.so': { elf: { needs, ...paths } },
    'lib/private/libx.so.1': { elf: { soname: 'libx.so.1', needs, ...paths } },
  }
  return { packages: { 'p-1': { libraryPath: [], files } } }
}

const addOn: StudioSpec = {
  packages: {
    'karst-20': { libraryPath: [], files: { 'bin/karst': karst, 'lib/libcore.so': core, 'lib/libutil.so': util } },
    'noise-1': { libraryPath: [], files: { 'dso/noise.so': noise } },
  },
}

ruleWorlds('RES001', {
  found: [
    {
      name: 'a library that nobody has',
      studio: alone,
      finds: ['app-1 libq.so.1 error'],
      says: ['No package of the context has a file of that name'],
      afterRepair: [
        inQ(lib('libq.so.1')),
        { ...alone, host: installed, base: installed },
        { packages: { 'app-1': { files: { ...app.files, 'lib/libq.so.1': lib('libq.so.1') } } } },
      ],
    },
    {
      name: 'a library in a folder that is on no library path',
      studio: withQ(hidden),
      finds: ['app-1 libq.so.1 error'],
      says: ['q-1 lib/private/libq.so.1'],
      afterRepair: withQ({ ...hidden, libraryPath: ['lib/private'] }),
    },
    {
      name: 'a candidate that stops the search',
      studio: inQ('/* GNU ld script */ INPUT(libq.so.2)'),
      finds: ['app-1 libq.so.1 error'],
      says: ['The search stops at ', 'libq.so.1'],
      afterRepair: inQ(lib('libq.so.1')),
    },
    {
      name: 'a library that only the host lacks, as a warning',
      studio: { ...alone, base: installed },
      finds: ['app-1 libq.so.1 warn'],
      afterRepair: { ...alone, host: installed, base: installed },
    },
    {
      name: 'the needs of private libraries and plugins that no program of the context opens, as a suspicion',
      studio: stray(),
      finds: ['p-1 libcore.so warn'],
      afterRepair: stray('$ORIGIN/../lib:$ORIGIN/..'),
    },
    {
      name: 'the needs of a plugin whose program nobody names',
      studio: addOn,
      finds: ['noise-1 libcore.so warn'],
      afterRepair: { ...addOn, policy: { plugins: [{ name: 'karst', match: ['dso/*.so'], host: 'karst' }] } },
    },
  ],
  clean: [
    {
      name: 'about the C library of musl, which is the loader that RES005 misses',
      studio: {
        packages: {
          'app-1': {
            files: {
              'bin/app': { elf: { type: 'exec', interpreter: '/lib/ld-musl-x86_64.so.1', needs: ['libc.so'] } },
            },
          },
        },
      },
    },
    {
      name: 'about DT_AUXILIARY, whose absence is no fault',
      studio: {
        packages: {
          'app-1': {
            files: {
              'lib/liba.so.1': { elf: { soname: 'liba.so.1', needs: [{ kind: 'auxiliary', name: 'libq.so.1' }] } },
            },
          },
        },
      },
    },
    {
      name: 'about libraries, plugins and Python modules that are complete in the process where they live',
      studio: {
        packages: {
          'karst-20': {
            libraryPath: [],
            files: {
              'bin/karst': karst,
              'lib/libcore.so': core,
              'lib/libutil.so': util,
              'lib/libextra.so.1': lib('libextra.so.1', 'libutil.so'),
              'plugins/noise.so': noise,
              'lib/python3.11/site-packages/karst.so': { elf: { needs: ['libutil.so'] } },
            },
          },
        },
      },
    },
  ],
})

it('tells the world and the witnesses, and the path that would find a hidden copy', () => {
  expect(findingsOf('RES001', alone)).toEqual([
    expect.objectContaining({ subject: 'libq.so.1', world: 'both', objects: ['bin/app'] }),
  ])
  const [finding] = findingsOf('RES001', withQ(hidden))
  expect(finding?.repairs[0]?.text).toMatch(
    /env\.LD_LIBRARY_PATH\.append\('\{root\}\/lib\/private'\) .* or the run path \$ORIGIN\/\.\.\/.*lib\/private in bin\/app\.$/,
  )
})

it('leads nobody into a folder that is for the programs of another package, or hides what others have of the system', () => {
  const own = { 'lib/private/libq.so.1': lib('libq.so.1'), 'lib/private/libz.so.1': lib('libz.so.1') }
  const z = { [inSystem('libz.so.1')]: lib('libz.so.1') }
  const other = { libraryPath: ['lib'], files: { ...own, 'bin/q': program('libz.so.1') } }
  const actions = (studio: StudioSpec) =>
    findingsOf('RES001', { ...studio, host: null }).flatMap(({ repairs }) => repairs.map(({ action }) => action?.kind))
  expect(actions(withQ(hidden))).toEqual(['environment'])
  expect(actions({ packages: { 'app-1': { files: app.files }, 'q-1': hidden } })).toEqual(['library'])
  expect(actions({ ...withQ(other), base: z })).toEqual(['library'])
})

it('tells the link whose folder $ORIGIN is, and the process where others find the library', () => {
  const dynamic = (needs: readonly string[], runpath: string): StudioFile => ({
    elf: { type: 'exec', interpreter: INTERPRETER, needs, runpath },
  })
  const [finding, ...more] = findingsOf('RES001', {
    packages: {
      'suite-1': {
        libraryPath: [],
        files: {
          'bin/alone': dynamic(['libface.so'], '$ORIGIN/../lib'),
          'program/main': dynamic(['libface.so'], '$ORIGIN'),
          'lib/libface.so': { link: '../program/libface.so' },
          'program/libface.so': { elf: { soname: 'libface.so', needs: ['libcore.so'], runpath: '$ORIGIN' } },
          'program/libcore.so': lib('libcore.so'),
        },
      },
    },
  })
  expect(more).toEqual([])
  expect(finding?.message).toContain(
    'libcore.so, which is not found on the host or in the base in the process of alone of suite-1, though others find it.',
  )
  expect(finding?.message).toMatch(/opened by the link .*\/lib\/libface\.so, whose folder is \$ORIGIN then\./)
  expect(finding?.repairs[0]?.text).toMatch(/ or the run path \$ORIGIN\/\.\.\/program in program\/libface\.so\.$/)
})

it('is inferred where nothing is known to open the object', () => {
  expect(findingsOf('RES001', stray())).toEqual([
    expect.objectContaining({ confidence: 'inferred', objects: ['lib/private/libx.so.1', 'plugins/noise.so'] }),
  ])
})

it('offers nothing behind a file of a package that stops the search, which no other copy would reach', () => {
  const [stopped] = findingsOf('RES001', inQ('/* GNU ld script */ INPUT(libq.so.2)'))
  const texts = stopped?.repairs.map(({ text }) => text)
  expect(texts).toEqual([expect.stringMatching(/^Put a library in the place of \S+\/lib\/libq\.so\.1 of q-1, or take/)])
})
