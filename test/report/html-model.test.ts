/** What the page of the HTML report is given: counts, arrows, places, and names that stay text. */
import { describe, expect, test } from 'vitest'
import { pageModel } from '../../src/report/html/build-model.ts'
import { auditHtml } from '../../src/report/html/html.ts'
import { placePackages } from '../../src/report/html/layers.ts'
import { HOWS, MISSING, NEED_STRIDE, NOT_ASKED, PROVIDERS } from '../../src/report/html/model.ts'
import { SOURCES } from '../../src/report/package-rows.ts'
import { largeDocument } from '../support/large-document.ts'
import { bindingOf, documentOf, findingOf, objectOf, packageOf } from './documents.ts'

const assets = { script: 'run()', style: 'p{}' }

/** The program of package 0 loads a library of package 1, one of the host, and one that is nowhere. */
const linked = documentOf({
  packages: [packageOf('app', '1'), packageOf('lib', '2')],
  objects: [
    objectOf('/studio/app/1/bin/app', 0, { role: 'program' }),
    objectOf('/studio/lib/2/lib/libx.so.1', 1),
    objectOf('/usr/lib64/libh.so.1', null),
  ],
  names: ['libh.so.1', 'libmissing.so.1', 'libx.so.1'],
  bindings: [
    bindingOf(0, 'host', 2, 1, 'unrequired'),
    bindingOf(0, 'host', 0, 2, 'host'),
    bindingOf(0, 'host', 1, null, null),
    bindingOf(0, 'base', 2, 1, 'unrequired'),
    bindingOf(0, 'base', 0, null, null),
    bindingOf(0, 'base', 1, null, null),
  ],
})

describe('the model', () => {
  test('holds both answers of each need, and where the need is met', () => {
    const { needs } = pageModel(linked)
    const rows = Array.from({ length: needs.length / NEED_STRIDE }, (_, row) =>
      needs.slice(row * NEED_STRIDE, (row + 1) * NEED_STRIDE),
    )
    const cache = HOWS.indexOf('cache') * 8
    const unrequired = cache + PROVIDERS.indexOf('unrequired')
    expect(rows).toEqual([
      [0, 0, 0, 2, cache + PROVIDERS.indexOf('host'), MISSING, 7, SOURCES.indexOf('host')],
      [0, 0, 1, MISSING, 7, MISSING, 7, SOURCES.indexOf('missing')],
      [0, 0, 2, 1, unrequired, 1, unrequired, SOURCES.indexOf('packages')],
    ])
  })

  test('says of a world that was not asked that it was not', () => {
    const { needs, decisive } = pageModel({
      ...linked,
      base: null,
      bindings: linked.bindings.filter((binding) => binding.world === 'host'),
    })
    expect(decisive).toBe('host')
    expect(needs.slice(3, 7)).toEqual([2, HOWS.indexOf('cache') * 8 + PROVIDERS.indexOf('host'), NOT_ASKED, 0])
  })

  test('draws an arrow from who loads to who is loaded, marked where it is not required', () => {
    expect(pageModel(linked).edges).toEqual([{ from: 0, to: 1, names: 1, undeclared: true }])
  })

  test('counts the libraries of each package by where they come from', () => {
    const [app] = pageModel(linked).packages
    expect(app?.amounts).toEqual({ own: 0, packages: 1, base: 0, driver: 0, host: 1, missing: 1 })
  })

  test('shows evidence as words, and the trail apart', () => {
    const trail = [{ stage: 'cache', path: '/usr/lib64/libh.so.1', verdict: 'absent', reason: null, origin: null }]
    const evidence = { held_by: ['a', 'b'], nothing: [], none: null, deep: { is: 1 }, trail }
    const [finding] = pageModel({ ...linked, findings: [findingOf({ evidence })] }).findings
    expect(finding?.evidence).toEqual([
      ['held_by', 'a, b'],
      ['deep', '{"is":1}'],
    ])
    expect(finding?.trail).toEqual(trail)
  })
})

test('a finding that somebody accepted, or that the baseline knows, is told from one that counts', () => {
  const by = { reason: 'vendor binary', owner: 'td', ticket: null, expires: null, file: 'airtight.yaml', line: 3 }
  const { findings } = pageModel({
    ...linked,
    findings: [findingOf(), findingOf({ baseline: 'known' }), findingOf({ baseline: 'new', suppressed: by })],
  })
  expect(findings.map((finding) => finding.state)).toEqual(['open', 'known', 'suppressed'])
})

describe('places', () => {
  test('what is used stands to the right of its user', () => {
    const places = placePackages(4, [edge(2, 0), edge(0, 1), edge(2, 1), edge(1, 3)])
    expect(places.map((place) => place.column)).toEqual([1, 2, 0, 3])
  })

  test('a circle shares a column', () => {
    const places = placePackages(3, [edge(0, 1), edge(1, 0), edge(1, 2)])
    expect(places.map((place) => place.column)).toEqual([0, 0, 1])
  })

  test('no two packages share a place', () => {
    const { packages } = pageModel(largeDocument({ packages: 120, objects: 240, findings: 0 }))
    expect(new Set(packages.map(({ column, row }) => `${column} ${row}`)).size).toBe(120)
  })

  function edge(from: number, to: number): { from: number; to: number; names: number; undeclared: boolean } {
    return { from, to, names: 1, undeclared: false }
  }
})

describe('the file', () => {
  test('is one document that may load nothing', () => {
    const html = auditHtml(documentOf(), assets)
    expect(html).toContain("default-src 'none'")
    expect(html).toContain('<style>p{}</style>')
    expect(html).toContain('<script>run()</script>')
    expect(html).not.toMatch(/(?:src|href)="(?!data:)/)
  })

  test('names stay text, whatever they hold', () => {
    const hostile = '</script><img src=x onerror=alert(1)>\u001b[31m\u202e\udcff'
    const html = auditHtml(documentOf({ findings: [findingOf({ subject: hostile, message: hostile })] }), assets)
    expect(html.match(/<\/script>/g)).toHaveLength(2)
    expect(html).not.toContain('<img')
    expect(html).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e\udc80-\udcff]/)
    expect(html).toContain(String.raw`\\x1b[31m\\u{202e}\\xff`)
  })

  test('two runs write the same bytes', () => {
    expect(auditHtml(linked, assets)).toBe(auditHtml(linked, assets))
  })
})
