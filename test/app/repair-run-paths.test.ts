/** Run paths are planned last, element by element, and only where nothing but the finding changes. */
import { describe, expect, it } from 'vitest'
import { proposeRunPaths, runPathWishes } from '../../src/repair/plan-run-paths.ts'
import { reasonAgainst } from '../../src/repair/reasons.ts'
import { openFolderTree } from '../../src/tree/folder.ts'
import { planStudio } from '../support/repairing.ts'
import type { StudioFile, StudioSpec } from '../support/studio.ts'
import { auditStudio, inSystem, lib, otherLib } from '../support/studio.ts'

const SYSTEM = '/usr/lib/x86_64-linux-gnu'

function having(paths: { rpath?: string; runpath?: string }, ...needs: string[]): StudioFile {
  return { elf: { soname: 'libpaint.so.1', needs, ...paths } }
}

/** A package with one library, and what else it has. */
function paint(object: StudioFile, files: Readonly<Record<string, StudioFile>> = {}): StudioSpec {
  return { packages: { 'paint-1': { files: { 'lib/libpaint.so.1': object, ...files } } }, host: {}, base: {} }
}

/** What is set, and the findings about run paths that are left. */
function planned(spec: StudioSpec) {
  const { plan, entries, proof } = planStudio(spec)
  const entry = entries['paint rpath {paint}/lib/libpaint.so.1']
  return {
    plan,
    proof,
    before: (entry?.['guard'] as { runpath: string[] } | undefined)?.runpath,
    set: entry?.['set'],
    fixes: entry?.['fixes'],
    left: proof.findings.filter(({ rule }) => rule.startsWith('RPH') || rule.startsWith('FIX')),
  }
}

describe('elements that go', () => {
  it('are those of findings alone, in one entry for all findings about an object', () => {
    const { plan, before, set, fixes, left } = planned(paint(having({ runpath: '/tmp/build/lib:$ORIGIN:' })))
    expect(before).toEqual(['/tmp/build/lib', '$ORIGIN', ''])
    expect(set).toEqual({ tag: 'runpath', value: ['$ORIGIN'] })
    expect(fixes).toEqual(['RPH001', 'RPH003'])
    expect(left).toEqual([])
    expect(plan.entries.map(({ clears }) => clears.length)).toEqual([2])
  })

  it('leave the tag as it is, and no run path where nothing stays', () => {
    expect(planned(paint(having({ rpath: 'lib:$ORIGIN' }))).set).toEqual({ tag: 'rpath', value: ['$ORIGIN'] })
    expect(planned(paint(having({ rpath: SYSTEM }))).set).toEqual({ tag: 'rpath', value: [] })
  })

  it('are old mounts that the image lacks, once the library is found without them', () => {
    const spec = paint(having({ runpath: '/sw/tiff/4/lib' }, 'libtiff.so.6'))
    const tiff = { libraryPath: [], files: { 'lib/libtiff.so.6': lib('libtiff.so.6') } }
    const paintRequiring = {
      ...spec.packages['paint-1'],
      requires: ['tiff'],
      files: spec.packages['paint-1']?.files ?? {},
    }
    const { plan, set, left } = planned({ ...spec, packages: { 'tiff-4': tiff, 'paint-1': paintRequiring } })
    expect(plan.entries.map(({ keys }) => keys[0])).toEqual(['env', 'rpath'])
    expect(set).toEqual({ tag: 'runpath', value: [] })
    expect(left).toEqual([])
  })

  it('give way to the plain way where they lead to a folder of the own package', () => {
    const object = having({ runpath: '{repository}/paint/1/bin/../private' }, 'libink.so.1')
    const spec = paint(object, { 'private/libink.so.1': lib('libink.so.1'), 'bin/paint': 'text' })
    const { set, left, proof } = planned(spec)
    expect(set).toEqual({ tag: 'runpath', value: ['$ORIGIN/../private'] })
    expect(left).toEqual([])
    expect(proof.findings.filter(({ severity }) => severity === 'error')).toEqual([])
  })

  it('let the copy of the context go before that of the system, required first', () => {
    const files = { [inSystem('libz.so.1')]: lib('libz.so.1') }
    const zlib = { files: { 'lib/libz.so.1': otherLib('libz.so.1') } }
    const spec = paint(having({ rpath: SYSTEM }, 'libz.so.1'))
    const { plan, set, proof } = planned({ packages: { ...spec.packages, 'zlib-1': zlib }, host: files, base: files })
    expect(plan.before.findings.map(({ rule }) => rule).sort()).toEqual(['HST003', 'REQ001', 'RPH004'])
    expect(set).toEqual({ tag: 'rpath', value: [] })
    expect(proof.findings).toEqual([])
  })
})

describe('elements that stay', () => {
  it('are those through which a library of the image is found', () => {
    const files = { 'tmp/build/lib/libink.so.1': lib('libink.so.1') }
    const { plan, set, left } = planned({
      ...paint(having({ runpath: '/tmp/build/lib' }, 'libink.so.1')),
      host: files,
      base: files,
    })
    expect(set).toBeUndefined()
    expect(left.map(({ rule }) => rule)).toEqual(['RPH001'])
    expect(plan.withheld.map(({ finding, reason }) => [finding.rule, reason])).toEqual([
      ['RPH001', 'libink.so.1 would be found elsewhere, or nowhere'],
    ])
  })

  it('are those for which a file would have to grow: patchelf moves its sections then', () => {
    const audit = auditStudio(paint(having({ runpath: '/tmp/b:$ORIGIN' })))
    const wishes = runPathWishes(audit.findings).map(({ finding, action }) => {
      const folder = `${action.owner.payload[0] ?? ''}/a/long/way/to/another/folder`
      return { finding, action: { ...action, folder } }
    })
    const [context] = audit.contexts
    if (context === undefined) throw new Error('no context')
    const { entries, withheld } = proposeRunPaths(context, wishes, openFolderTree('/'))
    expect(entries).toEqual([])
    expect(withheld.map(({ reason }) => reason)).toEqual([
      'lib/libpaint.so.1: the new run path is longer than the old one, so the string table has to move',
    ])
  })

  it('have a reason where a person has to decide', () => {
    const { plan, proof } = planned(paint(having({ rpath: '$ORIGIN/..', runpath: '$ORIGIN' })))
    expect(plan.entries).toEqual([])
    expect(proof.findings.map((finding) => [finding.rule, reasonAgainst(finding, plan.withheld)])).toEqual([
      ['RPH005', 'which of the two is meant has to be said by hand'],
    ])
  })
  it('have none where an entry was planned, and somebody took it out', () => {
    const [finding] = planned(paint(having({ runpath: '$ORIGIN:' }))).plan.before.findings
    expect(finding?.rule).toBe('RPH003')
    expect(finding === undefined ? '' : reasonAgainst(finding, [])).toBeNull()
  })

  it('lead through `..` to a folder of the system, which may be meant', () => {
    const files = { 'opt/ink/lib/libink.so.1': lib('libink.so.1') }
    const spec = paint(having({ runpath: '/opt/paint/../ink/lib' }, 'libink.so.1'))
    const { plan, left } = planned({ ...spec, host: files, base: files })
    expect(left.map((finding) => [finding.rule, reasonAgainst(finding, plan.withheld)])).toEqual([
      ['RPH003', 'it leads out of the package to a folder that is there: what is meant has to be said by hand'],
    ])
    expect(plan.entries).toEqual([])
  })
})
