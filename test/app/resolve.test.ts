/** Whose map counts: programs, libraries that must stand alone, and what lives inside another process. */
import { describe, expect, it } from 'vitest'
import type { ResolvedNeed } from '../../src/domain/audit.ts'
import type { StudioSpec } from '../support/studio.ts'
import { auditStudio, inSystem, INTERPRETER, lib, otherLib, program } from '../support/studio.ts'

function needs(spec: StudioSpec): Record<string, Partial<ResolvedNeed>> {
  const resolved = auditStudio({ base: null, ...spec }).contexts[0]?.worlds.host?.needs ?? []
  return Object.fromEntries(resolved.map((need) => [`${need.object.relative} ${need.name}`, need]))
}

describe('providers', () => {
  it('are told apart by the owner of the file', () => {
    const packages = {
      'a-1': {
        requires: ['b'],
        files: {
          'bin/a': program('liba.so.1', 'libb.so.1', 'libc1.so.1', 'libc.so.6'),
          'lib/liba.so.1': lib('liba.so.1'),
        },
      },
      'b-1': { files: { 'lib/libb.so.1': lib('libb.so.1') } },
      'c-1': { files: { 'lib/libc1.so.1': lib('libc1.so.1') } },
    }
    expect(needs({ packages })).toMatchObject({
      'bin/a liba.so.1': { provider: { kind: 'own' } },
      'bin/a libb.so.1': { provider: { kind: 'required', package: 'b-1' } },
      'bin/a libc1.so.1': { provider: { kind: 'unrequired', package: 'c-1' } },
      'bin/a libc.so.6': { provider: { kind: 'host' }, file: '/usr/lib/x86_64-linux-gnu/libc.so.6' },
    })
  })
})

describe('LD_LIBRARY_PATH of the image', () => {
  const base = {
    'usr/local/lib/libq.so.1': lib('libq.so.1'),
    [inSystem('libq.so.1')]: otherLib('libq.so.1'),
  }
  const baseEnvironment = { LD_LIBRARY_PATH: '/usr/local/lib:/opt/none' }
  const bound = (spec: Pick<StudioSpec, 'packages'>): readonly (string | null | undefined)[] =>
    (auditStudio({ host: null, base, baseEnvironment, ...spec }).contexts[0]?.worlds.base?.needs ?? []).map(
      ({ file }) => file,
    )
  const files = { 'bin/p': program('libq.so.1') }

  it('counts where the context leaves the variable alone', () => {
    expect(bound({ packages: { 'p-1': { files } } })).toEqual(['/usr/local/lib/libq.so.1'])
  })

  it('gives way to that of the context, as in the start script', () => {
    const packages = { 'p-1': { libraryPath: ['lib'], files: { ...files, 'lib/libx.so.1': lib('libx.so.1') } } }
    expect(bound({ packages })).toEqual([`/${inSystem('libq.so.1')}`])
  })

  it('is put in where the context refers to it', () => {
    for (const reference of ['$LD_LIBRARY_PATH', '${LD_LIBRARY_PATH}']) {
      const variables = { LD_LIBRARY_PATH: `{root}/lib:${reference}` }
      expect(bound({ packages: { 'p-1': { libraryPath: [], variables, files } } })).toEqual([
        '/usr/local/lib/libq.so.1',
      ])
    }
  })

  it('is of the base alone', () => {
    const spec = { packages: { 'p-1': { files } }, host: { [inSystem('libq.so.1')]: lib('libq.so.1') } }
    const worlds = auditStudio({ base, baseEnvironment, ...spec }).contexts[0]?.worlds
    expect(worlds?.host?.needs.map(({ file }) => file)).toEqual([`/${inSystem('libq.so.1')}`])
  })
})

describe('a library on the library path', () => {
  it('must stand alone, although a program meets its need', () => {
    const app = {
      elf: { type: 'exec' as const, interpreter: INTERPRETER, needs: ['libq.so.1'], rpath: '$ORIGIN/../lib/private' },
    }
    const files = {
      'bin/app': app,
      'lib/libq.so.1': lib('libq.so.1', 'libr.so.1'),
      'lib/private/libr.so.1': lib('libr.so.1'),
    }
    expect(needs({ packages: { 'p-1': { files } } })['lib/libq.so.1 libr.so.1']).toMatchObject({
      file: null,
      metElsewhere: true,
      reachedBy: 2,
    })
  })
})

describe('a private library', () => {
  const files = {
    'bin/app': {
      elf: { type: 'exec' as const, interpreter: INTERPRETER, needs: ['libq.so.1'], rpath: '$ORIGIN/../lib/private' },
    },
    'lib/private/libq.so.1': lib('libq.so.1', 'libr.so.1'),
    'lib/private/libr.so.1': lib('libr.so.1'),
    'lib/private/libs.so.1': lib('libs.so.1', 'libnone.so.1'),
  }

  it('is judged in the maps that reach it', () => {
    expect(needs({ packages: { 'p-1': { files } } })['lib/private/libq.so.1 libr.so.1']).toMatchObject({
      how: 'rpath',
      alone: false,
      metElsewhere: false,
    })
  })

  it('is judged alone where none does', () => {
    expect(needs({ packages: { 'p-1': { files } } })['lib/private/libs.so.1 libnone.so.1']).toMatchObject({
      file: null,
      alone: true,
    })
  })
})

describe('a plugin', () => {
  it('takes what its program has loaded', () => {
    const app = {
      elf: { type: 'exec' as const, interpreter: INTERPRETER, needs: ['libz.so.1'], rpath: '$ORIGIN/../lib/private' },
    }
    const files = {
      'bin/app': app,
      'lib/private/libz.so.1': lib('libz.so.1'),
      'plugins/noise.so': { elf: { needs: ['libz.so.1'] } },
    }
    const host = { [inSystem('libz.so.1')]: otherLib('libz.so.1') }
    expect(needs({ packages: { 'p-1': { files } }, host })['plugins/noise.so libz.so.1']).toMatchObject({
      how: 'loaded',
      provider: { kind: 'own' },
    })
  })

  it('is opened in the tools of the package that it requires', () => {
    const dcc = {
      elf: { type: 'exec' as const, interpreter: INTERPRETER, needs: ['libdcc.so'], rpath: '$ORIGIN/../lib' },
    }
    const packages = {
      'dcc-2024': { tools: ['dcc'], libraryPath: [], files: { 'bin/dcc': dcc, 'lib/libdcc.so': lib('libdcc.so') } },
      'noise-1': {
        requires: ['dcc-2024'],
        libraryPath: [],
        files: { 'plug-ins/noise.so': { elf: { needs: ['libdcc.so'] } } },
      },
    }
    expect(needs({ packages })['plug-ins/noise.so libdcc.so']).toMatchObject({ how: 'loaded', guest: false })
    const alone = { ...packages, 'noise-1': { ...packages['noise-1'], requires: [] } }
    expect(needs({ packages: alone })['plug-ins/noise.so libdcc.so']).toMatchObject({ file: null, guest: true })
  })

  it('tells the trail of the process where it lives', () => {
    const app = { elf: { type: 'exec' as const, interpreter: INTERPRETER, needs: [], rpath: '$ORIGIN/../lib/private' } }
    const files = {
      'bin/app': app,
      'lib/private/libz.so.1': lib('libz.so.1'),
      'plugins/noise.so': { elf: { needs: ['libz.so.1'] } },
    }
    const world = auditStudio({ packages: { 'p-1': { libraryPath: [], files } } }).contexts[0]?.worlds.host
    const need = world?.needs.find((item) => item.name === 'libz.so.1')
    if (need === undefined) throw new Error('no need')
    expect(world?.trail(need.root, need.object.path, need.name).map(({ stage, verdict }) => [stage, verdict])).toEqual([
      ['rpath', 'won'],
    ])
  })
})

it('resolves nothing for a machine without loader, and names the files', () => {
  const files = {
    'arm/libq.so.1': { elf: { machine: 183, soname: 'libq.so.1', needs: ['libr.so.1'] } },
    'bin/a': program('libc.so.6'),
  }
  const context = auditStudio({ packages: { 'p-1': { files } } }).contexts[0]
  expect(context?.foreign.map((object) => object.relative)).toEqual(['arm/libq.so.1'])
  expect(context?.worlds.host?.needs.map((need) => need.object.relative)).toEqual(['bin/a'])
})

it('says so where a system has no loader: silence would read like a clean bill', () => {
  const packages = { 'p-1': { files: { 'bin/a': program('libnone.so.1') } } }
  const { notJudged, findings } = auditStudio({ packages, base: { 'lib64/ld-linux-x86-64.so.2': null } })
  expect(notJudged).toContain('base has no dynamic loader for x86-64: nothing was resolved there')
  expect(findings.map(({ rule, subject, world }) => [rule, subject, world])).toEqual([
    ['RES001', 'libnone.so.1', 'host'],
    ['RES005', INTERPRETER, 'base'],
  ])
})

it('what only plugins of unknown programs reach is as unsure as they are', () => {
  const files = {
    'plugins/window.so': { elf: { needs: ['libawt.so'], runpath: '$ORIGIN' } },
    'plugins/libawt.so': { elf: { soname: 'libawt.so', needs: ['libjvm.so'] } },
  }
  const { findings } = auditStudio({ packages: { 'java-1': { files } } })
  expect(findings.map(({ rule, subject, severity, confidence }) => [rule, subject, severity, confidence])).toEqual([
    ['RES001', 'libjvm.so', 'warn', 'inferred'],
  ])
})
