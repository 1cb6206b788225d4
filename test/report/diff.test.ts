/** What changed between two audits: each kind of change, who is touched, and what must not count as a change. */
import { describe, expect, test } from 'vitest'
import { diffAudits } from '../../src/report/diff/compare.ts'
import type { DiffDocument } from '../../src/report/diff/document.ts'
import { diffMarkdown, diffText } from '../../src/report/diff/text.ts'
import type { AuditDocument, DocumentObject, DocumentPackage } from '../../src/report/document.ts'
import { plainStyle } from '../../src/report/style.ts'
import { schemaErrors } from '../support/published-schema.ts'
import { bindingOf, documentOf, findingOf, objectOf, packageOf } from './documents.ts'

interface Pieces {
  readonly packages?: readonly DocumentPackage[]
  readonly lib?: Partial<DocumentObject>
  readonly host?: Partial<DocumentObject>
  readonly libraryBound?: boolean
  readonly more?: Partial<AuditDocument>
}

/** app's program loads lib's library, which loads one of the host. */
function audit({ packages, lib, host, libraryBound = true, more }: Pieces = {}): AuditDocument {
  const items = packages ?? [packageOf('app', '1'), packageOf('lib', '2')]
  const root = (index: number): string => items[index]?.root ?? ''
  return documentOf({
    packages: items,
    base: null,
    objects: [
      objectOf(`${root(0)}/bin/app`, 0, { role: 'program', soname: null }),
      objectOf(`${root(1)}/lib/libx.so.1`, 1, lib),
      objectOf('/usr/lib64/libh.so.1', null, { os_package: 'rpm h 1.0', ...host }),
    ],
    names: ['libh.so.1', 'libx.so.1'],
    bindings: [
      bindingOf(0, 'host', 1, libraryBound ? 1 : null, libraryBound ? 'required' : null),
      bindingOf(1, 'host', 0, 2, 'host'),
    ],
    findings: [],
    ...more,
  })
}

function brief(diff: DiffDocument): readonly string[] {
  return diff.changes.map((change) => `${change.kind} ${change.name}`)
}

describe('a change', () => {
  test('other bytes of a host library: that one change, with all that load it', () => {
    const diff = diffAudits(audit(), audit({ host: { build_id: 'cd34' } }))
    expect(brief(diff)).toEqual(['content libh.so.1'])
    expect(diff.changes[0]).toMatchObject({
      world: 'host',
      direct: ['lib-2 lib/libx.so.1'],
      indirect: ['app-1 bin/app'],
    })
  })

  test('other bytes under one build id, as patchelf and strip leave them', () => {
    const diff = diffAudits(audit({ host: { size: 4096 } }), audit({ host: { size: 8192 } }))
    expect(brief(diff)).toEqual(['content libh.so.1'])
    expect(diffText(diff, { style: plainStyle, all: false })).toContain(', 8192 bytes)')
  })

  test('users are files of packages first, then those of systems', () => {
    const both = (host: Partial<DocumentObject>): AuditDocument => {
      const one = audit({ host })
      const system = objectOf('/usr/lib64/libother.so.1', null)
      return {
        ...one,
        objects: [...one.objects, system],
        bindings: [bindingOf(3, 'host', 0, 2, null), bindingOf(1, 'host', 0, 2, 'host')],
      }
    }
    const diff = diffAudits(both({}), both({ build_id: 'cd34' }))
    expect(diff.changes[0]?.direct).toEqual(['lib-2 lib/libx.so.1', '/usr/lib64/libother.so.1'])
  })

  test('another file of the same soname', () => {
    const diff = diffAudits(audit(), audit({ host: { path: '/usr/lib64/libh.so.1.2', soname: 'libh.so.1' } }))
    expect(brief(diff)).toEqual(['file libh.so.1'])
    expect(diff.changes[0]?.new?.path).toBe('/usr/lib64/libh.so.1.2')
  })

  test('the same bytes of another OS package', () => {
    expect(brief(diffAudits(audit(), audit({ host: { os_package: 'rpm h 1.1' } })))).toEqual(['owner libh.so.1'])
  })

  test('a library that is no longer found, and the other way round', () => {
    expect(brief(diffAudits(audit(), audit({ libraryBound: false })))).toEqual(['lost libx.so.1'])
    expect(brief(diffAudits(audit({ libraryBound: false }), audit()))).toEqual(['found libx.so.1'])
  })

  test('a need that is new, or gone', () => {
    const without = audit({ more: { bindings: [bindingOf(0, 'host', 1, 1, 'required')] } })
    expect(brief(diffAudits(without, audit()))).toEqual(['asked libh.so.1'])
    const dropped = diffAudits(audit(), without)
    expect(brief(dropped)).toEqual(['dropped libh.so.1'])
    expect(dropped.changes[0]?.direct).toEqual(['lib-2 lib/libx.so.1'])
  })

  test('the next release of a package: its library has another owner, its own needs are the same needs', () => {
    const bumped = [packageOf('app', '1'), packageOf('lib', '3')]
    const diff = diffAudits(audit(), audit({ packages: bumped }))
    expect(brief(diff)).toEqual(['owner libx.so.1'])
    expect(diff.packages.changed).toEqual([{ name: 'lib', old: 'lib-2', new: 'lib-3' }])
  })

  test('a version in a file name moves with its package', () => {
    const lib = (version: string): Pieces => ({
      packages: [packageOf('app', '1'), packageOf('lib', version)],
      lib: { path: `/studio/lib/${version}/lib/libx.so.${version}`, soname: 'libx.so' },
    })
    expect(brief(diffAudits(audit(lib('2.4')), audit(lib('2.5'))))).toEqual(['file libx.so.1'])
  })
})

describe('no change', () => {
  test('an audit and itself', () => {
    const diff = diffAudits(audit(), audit())
    expect([diff.changes, diff.findings.new, diff.findings.gone]).toEqual([[], [], []])
    expect(diffText(diff, { style: plainStyle, all: false })).toBe('Nothing that is loaded has changed.\n')
  })

  test('a repository that lies elsewhere', () => {
    const moved = [
      packageOf('app', '1', { root: '/mnt/app/1', payload: ['/mnt/app/1'] }),
      packageOf('lib', '2', { root: '/mnt/lib/2', payload: ['/mnt/lib/2'] }),
    ]
    expect(brief(diffAudits(audit(), audit({ packages: moved })))).toEqual([])
  })

  test('a context alone on each side is the same one under another name', () => {
    const [context] = audit().contexts
    const renamed = context === undefined ? [] : [{ ...context, name: 'lighting-v2' }]
    const diff = diffAudits(audit(), audit({ more: { contexts: renamed } }))
    expect([diff.changes, diff.notes]).toEqual([[], []])
  })
})

test('contexts and worlds that only one audit has are named, not compared', () => {
  const [context] = audit().contexts
  if (context === undefined) throw new Error('a document has a context')
  const two = audit({ more: { contexts: [context, { ...context, name: 'fx' }] } })
  expect(diffAudits(two, audit()).notes).toEqual(['only the old audit has context fx'])
  const withBase = audit({ more: { base: documentOf().base } })
  expect(diffAudits(audit(), withBase).notes).toEqual([
    'the base was resolved in the new audit only and is not compared',
  ])
})

test('findings are new or gone by their cause, whatever their version or severity', () => {
  const kept = findingOf({ fingerprint: 'a'.repeat(64) })
  const gone = findingOf({ fingerprint: 'b'.repeat(64), subject: 'libgone.so' })
  const fresh = findingOf({ fingerprint: 'c'.repeat(64), subject: 'libfresh.so' })
  const diff = diffAudits(
    audit({ more: { findings: [kept, gone] } }),
    audit({ more: { findings: [{ ...kept, severity: 'warn', package: 'blender-4' }, fresh] } }),
  )
  expect(diff.findings.new.map((finding) => finding.subject)).toEqual(['libfresh.so'])
  expect(diff.findings.gone.map((finding) => finding.subject)).toEqual(['libgone.so'])
})

describe('shown', () => {
  const diff = diffAudits(
    audit(),
    audit({ host: { build_id: 'cd34', path: '/usr/lib64/libh.so.1' }, more: { findings: [findingOf()] } }),
  )

  test('as text', () => {
    expect(diffText(diff, { style: plainStyle, all: false })).toBe(
      [
        'host  libh.so.1 has other bytes',
        '      was  /usr/lib64/libh.so.1 (rpm h 1.0, ab12, 4096 bytes)',
        '      is   /usr/lib64/libh.so.1 (rpm h 1.0, cd34, 4096 bytes)',
        '      for  lib-2 lib/libx.so.1, and 1 object through them',
        '',
        'new   error HST002 host-leak  libpotrace.so.0 in blender-3.6.5',
        '',
        '1 change for 2 objects, 1 new finding, 0 findings gone',
        '',
      ].join('\n'),
    )
  })

  test('as Markdown, where names stay text', () => {
    const hostile = audit({ host: { path: '/usr/lib64/<b>|x`.so', soname: 'libh.so.1' } })
    const markdown = diffMarkdown(diffAudits(audit(), hostile))
    expect(markdown).toContain(String.raw`/usr/lib64/\<b\>\|x\`.so`)
    expect(markdown.split('\n').filter((line) => line.startsWith('| host'))).toHaveLength(1)
  })

  test('as JSON that its schema accepts', () => {
    expect(schemaErrors('diff', diff)).toEqual([])
    expect(schemaErrors('diff', { ...diff, more: 1 })).toHaveLength(1)
  })
})
