/** RES001: a needed library is found nowhere. */
import { describe, expect, it } from 'vitest'
import { findingsOf, inSystem, lib, program, verdicts } from '../support/studio.ts'

const app = { files: { 'bin/app': program('libq.so.1') } }

describe('lib-missing', () => {
  it('says so where nobody has it', () => {
    const [finding] = findingsOf('RES001', { packages: { 'app-1': app } })
    expect(finding).toMatchObject({
      package: 'app-1',
      subject: 'libq.so.1',
      severity: 'error',
      world: 'both',
      objects: ['bin/app'],
    })
    expect(finding?.message).toContain('No package of the context has a file of that name')
  })

  it('names the package that holds the file and the path that would find it', () => {
    const q = { libraryPath: [], files: { 'lib/private/libq.so.1': lib('libq.so.1') } }
    const [finding] = findingsOf('RES001', { packages: { 'app-1': app, 'q-1': q } })
    expect(finding?.message).toContain('q-1 lib/private/libq.so.1')
    expect(finding?.repairs[0]?.text).toContain("env.LD_LIBRARY_PATH.append('{root}/lib/private')")
  })

  it('tells where a candidate stopped the search', () => {
    const q = { files: { 'lib/libq.so.1': '/* GNU ld script */ INPUT(libq.so.2)' } }
    const [finding] = findingsOf('RES001', { packages: { 'app-1': app, 'q-1': q } })
    expect(finding?.message).toMatch(/The search stops at .*libq\.so\.1/)
  })

  it('is a warning where only the host lacks it', () => {
    expect(
      verdicts('RES001', { packages: { 'app-1': app }, base: { [inSystem('libq.so.1')]: lib('libq.so.1') } }),
    ).toEqual(['app-1 libq.so.1 warn'])
  })

  it('is silent about DT_AUXILIARY, whose absence is no fault', () => {
    const files = {
      'lib/liba.so.1': { elf: { soname: 'liba.so.1', needs: [{ kind: 'auxiliary', name: 'libq.so.1' } as const] } },
    }
    expect(verdicts('RES001', { packages: { 'app-1': { files } } })).toEqual([])
  })
})

describe('private libraries, plugins and Python modules', () => {
  const core = { elf: { soname: 'libcore.so', needs: ['libutil.so'] } }
  const util = { elf: { soname: 'libutil.so' } }
  const karst = {
    elf: {
      type: 'exec' as const,
      interpreter: '/lib64/ld-linux-x86-64.so.2',
      needs: ['libcore.so'],
      rpath: '$ORIGIN/../lib',
    },
  }

  it('are judged in the process where they live', () => {
    const files = {
      'bin/karst': karst,
      'lib/libcore.so': core,
      'lib/libutil.so': util,
      'lib/libextra.so.1': lib('libextra.so.1', 'libutil.so'),
      'plugins/noise.so': { elf: { needs: ['libcore.so'] } },
      'lib/python3.11/site-packages/karst.so': { elf: { needs: ['libutil.so'] } },
    }
    expect(verdicts('RES001', { packages: { 'karst-20': { libraryPath: [], files } } })).toEqual([])
  })

  it('are a suspicion where no program of the context opens them', () => {
    const files = {
      'plugins/noise.so': { elf: { needs: ['libcore.so'] } },
      'lib/private/libx.so.1': lib('libx.so.1', 'libcore.so'),
    }
    const found = findingsOf('RES001', { packages: { 'p-1': { libraryPath: [], files } } })
    expect(found).toEqual([
      expect.objectContaining({
        severity: 'warn',
        confidence: 'inferred',
        objects: ['lib/private/libx.so.1', 'plugins/noise.so'],
      }),
    ])
  })

  it('are opened in the program that policy names', () => {
    const packages = {
      'karst-20': { libraryPath: [], files: { 'bin/karst': karst, 'lib/libcore.so': core, 'lib/libutil.so': util } },
      'noise-1': { libraryPath: [], files: { 'dso/noise.so': { elf: { needs: ['libcore.so'] } } } },
    }
    expect(verdicts('RES001', { packages })).toEqual(['noise-1 libcore.so warn'])
    const plugins = [{ name: 'karst', match: ['dso/*.so'], host: 'karst' }]
    expect(verdicts('RES001', { packages, policy: { plugins } })).toEqual([])
  })
})
