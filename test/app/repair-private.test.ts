/** Grafts in folders of their own: planned where a copy that everybody finds would change what others load, and only there. */
import { describe, expect, it } from 'vitest'
import { openPackageIndex } from '../../src/system/package-index.ts'
import type { Planning } from '../support/repairing.ts'
import { planStudio } from '../support/repairing.ts'
import type { StudioFile, StudioPackage, StudioSpec } from '../support/studio.ts'
import { INTERPRETER, inSystem, lib, otherLib, program } from '../support/studio.ts'
import { executable, library } from '../support/symbols.ts'

const FOLDER = '{graft}/private/libink.so.1'

function having(soname: string, runpath: string | null, ...needs: string[]): StudioFile {
  return { elf: { soname, needs, ...(runpath === null ? {} : { runpath }) } }
}

/** The host's libink is missing in the base; brush has its own, which it finds behind the library path. */
const brush: StudioPackage = {
  files: {
    'lib/libbrush.so.1': having('libbrush.so.1', '$ORIGIN/private', 'libink.so.1'),
    'lib/private/libink.so.1': otherLib('libink.so.1'),
  },
}
const ink = { [inSystem('libink.so.1')]: lib('libink.so.1') }

function studio(runpath: string | null, others: StudioSpec['packages'] = { 'brush-1': brush }): StudioSpec {
  const files = { 'lib/libpaint.so.1': having('libpaint.so.1', runpath, 'libink.so.1'), 'data/private/readme': 'text' }
  return { packages: { 'paint-1': { files }, ...others }, host: ink, base: {} }
}

/** What object of which package loads by which name in the base as repaired. */
function bound({ proof }: Planning, object: string, name: string): string | null | undefined {
  return proof.contexts[0]?.worlds.base?.needs.find((need) => need.name === name && need.object.relative === object)
    ?.file
}

function errors({ proof }: Planning): readonly string[] {
  return proof.findings.flatMap(({ rule, subject, severity }) => (severity === 'error' ? [`${rule} ${subject}`] : []))
}

describe('a copy that others would load in place of their own', () => {
  it('stands apart, and the one that needs it finds it by a run path', () => {
    const planning = planStudio(studio(null))
    expect(Object.keys(planning.entries).sort()).toEqual([
      'grafts libink.so.1',
      'paint rpath {paint}/lib/libpaint.so.1',
    ])
    expect(planning.entries['grafts libink.so.1']).toMatchObject({
      dest: `${FOLDER}/libink.so.1`,
      visible_to: ['paint'],
      fixes: ['HST002'],
    })
    expect(planning.entries['paint rpath {paint}/lib/libpaint.so.1']).toMatchObject({
      guard: { runpath: [] },
      set: { tag: 'runpath', value: [FOLDER] },
      fixes: ['HST002'],
    })
    expect(bound(planning, 'lib/libpaint.so.1', 'libink.so.1')).toBe(
      '/opt/airtight/graft/private/libink.so.1/libink.so.1',
    )
    expect(bound(planning, 'lib/libbrush.so.1', 'libink.so.1')).toMatch(/brush\/1\/lib\/private\/libink\.so\.1$/)
    expect(planning.proof.findings.map(({ rule }) => rule)).toEqual(['FIX006'])
  })

  it('is reached by a link where the object searches a folder of its own already: no file is changed then', () => {
    const planning = planStudio(studio('$ORIGIN/../data/private'))
    expect(Object.keys(planning.entries).sort()).toEqual([
      'grafts libink.so.1',
      'symlinks {paint}/data/private/libink.so.1',
    ])
    expect(planning.entries['symlinks {paint}/data/private/libink.so.1']).toMatchObject({
      target: `${FOLDER}/libink.so.1`,
    })
    expect(bound(planning, 'lib/libpaint.so.1', 'libink.so.1')).toContain('/opt/airtight/graft/private/')
    expect(planning.proof.findings).toEqual([])
  })

  it('keeps the elements and the tag that are there', () => {
    const spec = studio(null)
    const object = { elf: { soname: 'libpaint.so.1', needs: ['libink.so.1'], rpath: '$ORIGIN/nothing' } }
    const paint = { files: { 'lib/libpaint.so.1': object } }
    const { entries } = planStudio({ ...spec, packages: { ...spec.packages, 'paint-1': paint } })
    expect(entries['paint rpath {paint}/lib/libpaint.so.1']).toMatchObject({
      guard: { runpath: ['$ORIGIN/nothing'] },
      set: { tag: 'rpath', value: [FOLDER, '$ORIGIN/nothing'] },
    })
  })

  it('is one entry with the elements that other findings take out of the same object', () => {
    const planning = planStudio(studio('/tmp/build/lib:$ORIGIN'))
    const entry = planning.entries['paint rpath {paint}/lib/libpaint.so.1']
    expect(entry).toMatchObject({
      guard: { runpath: ['/tmp/build/lib', '$ORIGIN'] },
      set: { tag: 'runpath', value: [FOLDER, '$ORIGIN'] },
      fixes: ['HST002', 'RPH001'],
    })
    expect(bound(planning, 'lib/libpaint.so.1', 'libink.so.1')).toContain('/opt/airtight/graft/private/')
    expect(planning.proof.findings.map(({ rule }) => rule)).toEqual(['FIX006'])
  })
})

describe('a copy that nobody else would load', () => {
  it('stands where everybody finds it', () => {
    const { entries, proof } = planStudio(studio(null, {}))
    expect(entries['grafts libink.so.1']).toMatchObject({ dest: '{graft}/lib/libink.so.1', visible_to: ['*'] })
    expect(Object.keys(entries).sort()).toEqual(['env LD_LIBRARY_PATH {graft}/lib', 'grafts libink.so.1'])
    expect(proof.findings).toEqual([])
  })

  it('is one that goes before another on the host as well, in the only process that has both', () => {
    const app = { type: 'exec' as const, interpreter: INTERPRETER, needs: ['libpaint.so.1', 'libbrush.so.1'] }
    const files = {
      'bin/app': { elf: { ...app, runpath: '$ORIGIN/../lib/private' } },
      'lib/private/libbrush.so.1': having('libbrush.so.1', '$ORIGIN', 'libink.so.1'),
      'lib/private/libink.so.1': otherLib('libink.so.1'),
    }
    const planning = planStudio(studio(null, { 'app-1': { requires: ['paint'], files } }))
    expect(planning.entries['grafts libink.so.1']).toMatchObject({ visible_to: ['*'] })
    expect(bound(planning, 'lib/private/libbrush.so.1', 'libink.so.1')).toBe('/opt/airtight/graft/lib/libink.so.1')
  })

  it('stands open where a DT_RPATH goes before the library path anyway', () => {
    const firm = { elf: { soname: 'libbrush.so.1', needs: ['libink.so.1'], rpath: '$ORIGIN/private' } }
    const { entries } = planStudio(
      studio(null, { 'brush-1': { files: { ...brush.files, 'lib/libbrush.so.1': firm } } }),
    )
    expect(entries['grafts libink.so.1']).toMatchObject({ visible_to: ['*'] })
  })
})

describe('what cannot be reached', () => {
  const reason = (options: Parameters<typeof planStudio>[1], spec = studio(null)) => {
    const { plan, entries } = planStudio(spec, options)
    return { entries, reasons: plan.withheld.map(({ reason }) => reason) }
  }

  it('is not planned where run paths are forbidden, nor where links are as well', () => {
    const { entries, reasons } = reason({ never: ['rpath'], preference: ['grafts'] })
    expect(entries).toEqual({})
    expect(reasons).toEqual(['lib/libpaint.so.1 finds it by a run path alone, and none may be set'])
    const linked = studio('$ORIGIN/../data/private')
    expect(Object.keys(reason({ never: ['rpath'] }, linked).entries)).toContain('grafts libink.so.1')
    expect(reason({ never: ['rpath', 'symlinks'] }, linked).entries).toEqual({})
  })

  it('is not planned for a program at a fixed address, whose file would have to grow', () => {
    const spec = studio(null)
    const fixed = { 'paint-1': { files: { 'bin/paint': program('libink.so.1') } }, 'brush-1': brush }
    const { entries, reasons } = reason({ preference: ['grafts'] }, { ...spec, packages: fixed })
    expect(entries).toEqual({})
    expect(reasons).toEqual([
      'bin/paint: it is a program at a fixed address, where moved sections have broken programs',
    ])
  })

  it('is had from the OS package instead, where that comes second', () => {
    const item = { name: 'libink1', version: '1', depends: [], provides: [], programs: [] }
    const libraries = [{ soname: 'libink.so.1', path: null, versions: null }]
    const index = openPackageIndex({ manager: 'dpkg', label: 'test', packages: [{ ...item, libraries }] })
    const { entries } = reason({ never: ['rpath'], preference: ['grafts', 'os_packages'], index })
    expect(Object.keys(entries)).toEqual(['os_packages libink1'])
  })
})

describe('a version that the base lacks', () => {
  const node = (...versions: string[]) => ({ [inSystem('libink.so.1')]: library('libink.so.1', { versions }) })
  const old = node('INK_1.0')
  const host = node('INK_1.0', 'INK_1.2')
  const wants = { wants: { 'libink.so.1': ['draw@INK_1.2'] } }

  it('is had from a copy of the host that stands apart: the base keeps its own', () => {
    const packages = {
      'paint-1': { files: { 'lib/libpaint.so.1': library('libpaint.so.1', wants) } },
      'tool-1': { files: { 'bin/tool': executable({ wants: { 'libink.so.1': ['draw@INK_1.0'] } }) } },
    }
    const planning = planStudio({ packages, host, base: old })
    expect(Object.keys(planning.entries).sort()).toEqual([
      'grafts libink.so.1',
      'paint rpath {paint}/lib/libpaint.so.1',
    ])
    expect(planning.entries['grafts libink.so.1']).toMatchObject({ visible_to: ['paint'], fixes: ['SYM001'] })
    expect(bound(planning, 'bin/tool', 'libink.so.1')).toBe(`/${inSystem('libink.so.1')}`)
    expect(bound(planning, 'lib/libpaint.so.1', 'libink.so.1')).toContain('/graft/private/')
    expect(planning.proof.findings.filter(({ rule }) => rule.startsWith('SYM001'))).toEqual([])
  })

  it('is told to everybody who asks for the library in the same process, for the first one decides', () => {
    const files = {
      'lib/libpaint.so.1': library('libpaint.so.1', { ...wants, needs: ['libbase.so.1', 'libink.so.1'] }),
      'lib/libbase.so.1': library('libbase.so.1', { wants: { 'libink.so.1': ['draw@INK_1.0'] } }),
    }
    const { entries, proof } = planStudio({ packages: { 'paint-1': { files } }, host, base: old })
    expect(Object.keys(entries).filter((key) => key.includes('rpath'))).toEqual([
      'paint rpath {paint}/lib/libbase.so.1',
      'paint rpath {paint}/lib/libpaint.so.1',
    ])
    expect(proof.findings.filter(({ rule }) => rule === 'SYM001')).toEqual([])
  })

  it('is left where the host lacks it as well, or belongs to the C library', () => {
    const packages = { 'paint-1': { files: { 'lib/libpaint.so.1': library('libpaint.so.1', wants) } } }
    const poor = planStudio({ packages, host: old, base: old })
    expect(poor.entries).toEqual({})
    expect(poor.plan.withheld[0]?.reason).toContain('the copy of the host does not define INK_1.2')
    const libc = { wants: { 'libc.so.6': ['f@GLIBC_2.99'] } }
    const core = (...versions: string[]) => ({ [inSystem('libc.so.6')]: library('libc.so.6', { versions }) })
    const files = { 'lib/libpaint.so.1': library('libpaint.so.1', libc) }
    const never = planStudio({ packages: { 'paint-1': { files } }, host: core('GLIBC_2.99'), base: core('GLIBC_2.2') })
    expect(never.entries).toEqual({})
    expect(never.plan.withheld[0]?.reason).toContain('it is never copied')
  })
})

describe('what a copy itself demands', () => {
  const bar = (...versions: string[]) => ({ [inSystem('libbar.so.2')]: library('libbar.so.2', { versions }) })
  const demanding = { [inSystem('libink.so.1')]: library('libink.so.1', { wants: { 'libbar.so.2': ['f@BAR_2.1'] } }) }
  const host = { ...demanding, ...bar('BAR_2.0', 'BAR_2.1') }

  it('comes along apart where the base has it too old, and the copy alone is led there', () => {
    const planning = planStudio({ ...studio(null, {}), host, base: bar('BAR_2.0') })
    expect(planning.entries['grafts libink.so.1']).toMatchObject({
      dest: '{graft}/lib/libink.so.1',
      rpath: ['$ORIGIN/../private/libbar.so.2'],
      visible_to: ['*'],
      closure: ['libbar.so.2'],
    })
    expect(planning.entries['grafts libbar.so.2']).toMatchObject({
      dest: '{graft}/private/libbar.so.2/libbar.so.2',
      visible_to: ['libink.so.1'],
    })
    expect(errors(planning)).toEqual([])
  })

  it('is told to objects of packages that load it before', () => {
    const first = library('libpaint.so.1', { needs: ['libbar.so.2', 'libink.so.1'] })
    const packages = { 'paint-1': { files: { 'lib/libpaint.so.1': first } } }
    const planning = planStudio({ packages, host, base: bar('BAR_2.0') })
    expect(planning.entries['grafts libbar.so.2']).toMatchObject({ visible_to: ['libink.so.1', 'paint'] })
    expect(planning.entries['paint rpath {paint}/lib/libpaint.so.1']).toMatchObject({ fixes: ['FIX004'] })
    expect(errors(planning)).toEqual([])
  })

  it('rules it out where it is a newer C library', () => {
    const core = (...versions: string[]) => ({ [inSystem('libc.so.6')]: library('libc.so.6', { versions }) })
    const made = { [inSystem('libink.so.1')]: library('libink.so.1', { wants: { 'libc.so.6': ['f@GLIBC_2.38'] } }) }
    const { entries, plan } = planStudio({
      ...studio(null, {}),
      host: { ...made, ...core('GLIBC_2.38') },
      base: core('GLIBC_2.31'),
    })
    expect(entries).toEqual({})
    expect(plan.withheld[0]?.reason).toContain('libink.so.1 of the host demands GLIBC_2.38 of libc.so.6')
  })
})
