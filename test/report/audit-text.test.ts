/** The text report: what a person sees, from documents alone. */
import { describe, expect, test } from 'vitest'
import { auditText } from '../../src/report/audit-text.ts'
import type { AuditDocument, DocumentFinding } from '../../src/report/document.ts'
import { plainStyle } from '../../src/report/style.ts'
import type { TextOptions } from '../../src/report/text-options.ts'
import { bindingOf, documentOf, findingOf, objectOf, packageOf } from './documents.ts'

function text(document: AuditDocument, options: Partial<TextOptions> = {}): string {
  return auditText(document, { style: plainStyle, width: null, all: false, faults: false, ...options })
}

/** A document of these findings, each with a repair of its own unless it names one. */
function found(findings: readonly DocumentFinding[]): AuditDocument {
  const count = (severity: string): number => findings.filter((finding) => finding.severity === severity).length
  const base = documentOf()
  return {
    ...base,
    findings,
    summary: {
      ...base.summary,
      findings: { error: count('error'), warn: count('warn'), note: count('note') },
      rules: { HST002: { name: 'host-leak', subjects: findings.length, findings: findings.length } },
    },
    repairs: findings.map((_, index) => ({ kind: 'graft', target: `lib${index}.so`, text: `Graft lib${index}.so.` })),
  }
}

function many(amount: number): AuditDocument {
  return found(
    Array.from({ length: amount }, (_, index) =>
      findingOf({ subject: `lib${String(index).padStart(2, '0')}.so.1`, repairs: [index] }),
    ),
  )
}

test('the whole report of a small audit', () => {
  expect(text(documentOf())).toBe(`lighting  2 packages, 2 objects
host      / (Debian 12, glibc 2.36)
base      debian-12 (Debian 12, glibc 2.36, declared)

error  HST002 host-leak  libpotrace.so.0                                               blender-3.6.5
       blender-3.6.5 (bin/blender) takes libpotrace.so.0 from the host.
  fix  Install libpotrace0 in the image.

package        objects  own  packages  base  host  missing
blender-3.6.5        1    .         1     .     1        .  1 error
tiff-4.5.1           1    .         .     1     .        .  airtight

1 error
fixes: install 1 OS package (1 finding)
Read 4 ELF files.
`)
})

describe('groups', () => {
  test('findings that one repair clears are one block that counts them', () => {
    const packages = ['a-1', 'b-1', 'c-1']
    const document = found(packages.map((name) => findingOf({ package: name, repairs: [0] })))
    const report = text(document)
    expect(report).toContain('3 findings in 3 packages')
    expect(report).toContain('\n       also in b-1, c-1\n')
    expect(report.match(/host-leak {2}/g)).toHaveLength(1)
  })

  test('other subjects of the same repair are listed with their packages', () => {
    const document = found([
      findingOf({ repairs: [0] }),
      findingOf({ subject: 'libpotrace2.so.0', package: 'tiff-4.5.1', repairs: [0] }),
    ])
    expect(text(document)).toContain('also  libpotrace2.so.0  tiff-4.5.1')
  })

  test('a note never hides in the group of an error', () => {
    const document = found([findingOf({ repairs: [0] }), findingOf({ severity: 'note', package: 'x-1', repairs: [0] })])
    expect(text(document)).toContain('1 finding more: 1 note HST002 host-leak (--all shows them)')
    expect(text(document, { all: true })).toMatch(/^note {3}HST002 host-leak/m)
  })

  test('ten groups are shown and the others counted; --all shows every one', () => {
    expect(text(many(13)).match(/^error {2}HST002/gm)).toHaveLength(10)
    expect(text(many(13))).toContain('and 3 findings more: 3 error HST002 host-leak (--all shows them)')
    expect(text(many(13), { all: true }).match(/^error {2}HST002/gm)).toHaveLength(13)
    expect(text(many(10))).not.toContain('--all')
  })

  test('what stops a start comes before what mixes versions, and errors before warnings', () => {
    const document = found([
      findingOf({ rule: 'REQ002', severity: 'warn', subject: 'imath', repairs: [0] }),
      findingOf({ rule: 'HST003', subject: 'libtiff.so.6', repairs: [1] }),
      findingOf({ rule: 'RES001', subject: 'libx.so.1', repairs: [2] }),
    ])
    const order = [...text(document).matchAll(/^(?:error|warn ) {2}(\w+)/gm)].map((match) => match[1])
    expect(order).toEqual(['RES001', 'HST003', 'REQ002'])
  })

  test('of two that one fix clears each, what breaks more files comes first', () => {
    const document = found([
      findingOf({ rule: 'HST002', subject: 'liba.so.1', repairs: [0] }),
      findingOf({ rule: 'RES001', subject: 'libz.so.1', repairs: [1], objects: ['bin/a', 'bin/b'] }),
    ])
    expect(text(document).indexOf('libz.so.1')).toBeLessThan(text(document).indexOf('liba.so.1'))
  })

  test('many findings end with causes by rule', () => {
    expect(text(many(11))).toContain('HST002 host-leak  11 libraries  11 uses')
    expect(text(many(10))).not.toContain('uses')
  })
})

describe('packages', () => {
  test('a library counts once, as the worst that any object of the package gets', () => {
    const base = documentOf()
    const document = documentOf({
      objects: [...base.objects, objectOf('/studio/blender/3.6.5/lib/a.so', 0)],
      bindings: [...base.bindings, bindingOf(4, 'host', 1, null, null), bindingOf(4, 'base', 1, null, null)],
    })
    expect(text(document)).toMatch(/blender-3\.6\.5 +2 +\. +\. +\. +1 +1 {2}1 error/)
  })

  test('columns that cannot be filled are left out', () => {
    expect(text(documentOf({ base: null }))).not.toMatch(/^package.* base/m)
    expect(text(documentOf({ host: null }))).not.toMatch(/^package.* host/m)
    expect(text(documentOf())).not.toContain('driver')
  })

  test('without a base no package is called airtight', () => {
    const report = text(documentOf({ base: null, findings: [], bindings: [bindingOf(0, 'host', 1, 1, 'required')] }))
    expect(report).not.toContain('airtight')
    expect(report).toContain('no finding')
  })

  test('each variant carries its own findings', () => {
    const document = documentOf({
      packages: [packageOf('blender', '3.6.5', { variant: 0 }), packageOf('blender', '3.6.5', { variant: 1 })],
      findings: [findingOf({ variant: 1 }), findingOf({ variant: 1, subject: 'other' })],
      bindings: [],
    })
    expect(text(document)).toMatch(/^blender-3\.6\.5 +1 .*2 errors$/m)
  })
})

test('without a base, what is taken from the host is one table, glibc in a line', () => {
  const document = documentOf({
    base: null,
    findings: [],
    names: ['libpotrace.so.0', 'libc.so.6', 'libz.so.1'],
    bindings: [
      bindingOf(0, 'host', 0, 2, 'host'),
      bindingOf(1, 'host', 0, 2, 'host'),
      bindingOf(0, 'host', 1, 2, 'host'),
    ],
  })
  const report = text(document)
  expect(report).toMatch(/taken from the host +packages +OS package +file/)
  expect(report).toMatch(/libpotrace\.so\.0 +2 {2}dpkg libpotrace0 1\.16 {2}\/usr\/lib\/libpotrace\.so\.0/)
  expect(report).toContain('and what every system has: libc.so.6')
  expect(text(documentOf())).not.toContain('taken from the host')
})

describe('the end', () => {
  const clean = documentOf({
    findings: [],
    bindings: [],
    summary: { ...documentOf().summary, findings: { error: 0, warn: 0, note: 0 }, rules: {} },
  })

  test('airtight is said only where both worlds were judged and everything was read', () => {
    expect(text(clean)).toContain('Airtight: nothing is missing')
    expect(text({ ...clean, base: null })).toContain('No finding in what was judged.')
    const incomplete = { ...clean, summary: { ...clean.summary, incomplete: ['tiff-4.5.1 lib/x.so: truncated'] } }
    expect(text(incomplete)).toContain('not everything could be read')
    expect(text(incomplete)).toContain('incomplete: tiff-4.5.1 lib/x.so: truncated')
    expect(text(incomplete)).not.toContain('Airtight:')
  })

  test('what was not read is counted, and named with --faults', () => {
    const fault = { kind: 'truncated', file: '/studio/x.so', offset: 64, line: null, message: 'ends early' } as const
    const document = { ...clean, faults: [fault], summary: { ...clean.summary, faults: 1 } }
    expect(text(document)).toContain('Not read: 1. (--faults names them)')
    expect(text(document)).not.toContain('/studio/x.so')
    expect(text(document, { faults: true })).toContain('  /studio/x.so: offset 64: ends early')
  })

  test('what was not judged and notes are said once', () => {
    const document = {
      ...clean,
      host: { label: '/', os: null, libc: null, declared: false, notes: ['a stale cache'] },
      summary: { ...clean.summary, not_judged: ['HST001 needs a declared base'], notes: ['a stale cache'] },
    }
    const report = text(document)
    expect(report).toContain('not judged: HST001 needs a declared base')
    expect(report.match(/note: a stale cache/g)).toHaveLength(1)
  })
})

describe('names from files', () => {
  const hostile = '\x1b[31mlib\u202e.so\n\udc80'

  test('never reach a terminal raw', () => {
    const finding = findingOf({
      subject: hostile,
      message: `takes ${hostile}`,
      package: `p${hostile}`,
      contexts: [hostile],
      objects: [hostile],
    })
    const document = documentOf({
      base: null,
      packages: [packageOf(hostile, '1'), packageOf('tiff', hostile)],
      names: [hostile, hostile, hostile],
      objects: documentOf().objects.map((object) => ({ ...object, path: hostile, os_package: hostile })),
      findings: [finding, { ...finding, package: null }, findingOf({ package: hostile, subject: `2${hostile}` })],
      repairs: [{ kind: 'graft', target: hostile, text: hostile }],
      faults: [{ kind: 'malformed', file: hostile, offset: null, line: null, message: hostile }],
      host: { label: hostile, os: hostile, libc: hostile, declared: false, notes: [hostile] },
      summary: { ...documentOf().summary, incomplete: [hostile], not_judged: [hostile], notes: [hostile] },
    })
    for (const width of [null, 60]) {
      expect(text(document, { all: true, faults: true, width })).not.toMatch(
        /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\ud800-\udfff]/,
      )
    }
  })
})

describe('width', () => {
  test('a terminal wraps messages and hangs them under the first line', () => {
    const document = found([findingOf({ message: 'word '.repeat(60).trim() })])
    const lines = text(document, { width: 80 }).split('\n')
    const message = lines.filter((line) => line.includes('word word'))
    expect(message.length).toBeGreaterThan(3)
    for (const line of message) expect(line.length).toBeLessThanOrEqual(80)
    for (const line of message) expect(line).toMatch(/^ {7}\S/)
  })

  test('a pipe breaks nothing', () => {
    const long = 'word '.repeat(60).trim()
    expect(text(found([findingOf({ message: long })]))).toContain(long)
  })
})
