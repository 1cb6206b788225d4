/** The formats that other programs read: valid by their published schemas, within limits, and text that stays text. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Ajv } from 'ajv'
import { XmlDocument } from 'libxml2-wasm'
import { describe, expect, test } from 'vitest'
import { cyclonedx } from '../../src/report/cyclonedx.ts'
import type { AuditDocument } from '../../src/report/document.ts'
import { dot } from '../../src/report/dot.ts'
import { githubAnnotations } from '../../src/report/github.ts'
import { gitlab } from '../../src/report/gitlab.ts'
import { parseAuditDocument } from '../../src/report/json-schema.ts'
import { junit } from '../../src/report/junit.ts'
import { markdown } from '../../src/report/markdown.ts'
import { placeOf } from '../../src/report/place.ts'
import { sarif } from '../../src/report/sarif.ts'
import { bindingOf, documentOf, findingOf, objectOf, packageOf } from './documents.ts'

const HERE = { folder: '/studio' }
const require = createRequire(import.meta.url)
const packageFile = (name: string, path: string): string =>
  readFileSync(join(dirname(require.resolve(`${name}/package.json`)), path), 'utf8')
const schema = (name: string, path: string): object => JSON.parse(packageFile(name, path)) as object

const LINES = { name: 3, requires: 7, commands: 12 }
const defined = (name: string, version: string): AuditDocument['packages'][number] =>
  packageOf(name, version, { definition: `/studio/${name}/${version}/package.py`, lines: LINES })
const suppressed = {
  reason: 'r',
  owner: 'td',
  ticket: null,
  expires: '2027-01-01',
  file: '/studio/airtight.yaml',
  line: 4,
}

/** Everything a document may hold, with names that no format may take for its own syntax. */
const HOSTILE = 'a"b<c>&`|%\n::error::\u001b[31m\udcff]]>'
const rich = documentOf({
  packages: [defined('blender', '3.6.5'), defined('tiff', '4.5.1')],
  objects: [
    objectOf('/studio/blender/3.6.5/bin/blender', 0, { role: 'program' }),
    objectOf(`/studio/tiff/4.5.1/lib/${HOSTILE}`, 1, { build_id: null, sha256: 'ab'.repeat(32) }),
    objectOf('/usr/lib/libpotrace.so.0', null, { os_package: 'dpkg libpotrace0 1.16' }),
    objectOf('/usr/lib/libz.so.1', null, { world: 'base', os_package: 'dpkg zlib1g 1:1.2.13' }),
  ],
  findings: [
    findingOf(),
    findingOf({
      rule: 'RES001',
      name: 'lib-missing',
      subject: HOSTILE,
      message: HOSTILE,
      baseline: 'new',
      repairs: [],
    }),
    findingOf({ rule: 'HST003', package: 'tiff-4.5.1', severity: 'warn', baseline: 'known' }),
    findingOf({ rule: 'REQ003', package: 'tiff-4.5.1', severity: 'note', suppressed }),
    findingOf({ rule: 'DUP002', package: null, objects: [] }),
    findingOf({
      rule: 'SUP001',
      name: 'suppression-expired',
      package: null,
      contexts: [],
      objects: [],
      evidence: { file: '/studio/airtight.yaml', line: 9 },
      repairs: [],
    }),
  ],
  summary: {
    ...documentOf().summary,
    incomplete: [`${HOSTILE} cannot be read`],
    suppressed: 1,
    baseline: { file: 'b.yaml', new: 1, known: 1, fixed: 1, expired: 1, gone: [`tiff HST002 ${HOSTILE}`] },
  },
})
const documents: readonly (readonly [string, AuditDocument])[] = [
  ['of a small audit', documentOf()],
  ['of everything', rich],
  ['of nothing', documentOf({ contexts: [], packages: [], objects: [], bindings: [], findings: [], names: [] })],
  ...['rough_layout', 'hidden_copy', 'private_app'].map((studio): readonly [string, AuditDocument] => {
    const file = join(import.meta.dirname, `../../samples/${studio}/expected/audit.json`)
    const document = parseAuditDocument(JSON.parse(readFileSync(file, 'utf8')))
    if ('problem' in document) throw new Error(document.problem)
    return [`of the sample ${studio}`, document]
  }),
]

describe('places', () => {
  const placed = (more: Parameters<typeof findingOf>[0]): string => {
    const place = placeOf({ ...rich, repairs: [...rich.repairs, environment] }, findingOf(more), HERE)
    return place === null ? '' : `${place.file}:${place.line}`
  }
  const environment = { kind: 'environment' as const, target: '/studio/tiff/4.5.1/lib', text: '' }

  test.each([
    ['what a requirement would mend, at requires', { rule: 'REQ001' }, 'blender/3.6.5/package.py:7'],
    ['a search path, at commands', { rule: 'HST003', repairs: [] }, 'blender/3.6.5/package.py:12'],
    ['a search path of another package, at its commands', { rule: 'RES001', repairs: [1] }, 'tiff/4.5.1/package.py:12'],
    ['a file, at the name', { rule: 'PKG001', repairs: [] }, 'blender/3.6.5/package.py:3'],
    ['a context, at the package asked for', { rule: 'DUP002', package: null }, 'blender/3.6.5/package.py:7'],
    [
      'the policy, at its line',
      { rule: 'SUP002', package: null, evidence: { file: '/etc/a.yaml', line: 5 } },
      '/etc/a.yaml:5',
    ],
    ['nothing, where no file is known', { package: 'other-1', contexts: [] }, ''],
  ])('%s', (_, more, expected) => {
    expect(placed(more)).toBe(expected)
  })
})

describe('sarif', () => {
  // The schema is of draft 4, which calls $id id; nothing else in it differs for a validator of draft 7.
  const { id, ...draft } = schema('@microsoft/jest-sarif', 'lib/schemas/sarif-2.1.0-rtm.5.json') as { id: string }
  const validate = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile({
    ...draft,
    $id: id,
    $schema: 'http://json-schema.org/draft-07/schema#',
  })

  test.each(documents)('%s is valid', (_, document) => {
    expect(validate(JSON.parse(sarif(document, HERE))), JSON.stringify(validate.errors)).toBe(true)
  })

  test('the schema refuses what is none', () => {
    expect(validate({ version: '2.1.0', runs: [{ results: [] }] })).toBe(false)
  })

  test('says file, line, fingerprint, what is new and what is accepted', () => {
    const { runs } = JSON.parse(sarif(rich, HERE)) as { runs: { results: Record<string, unknown>[] }[] }
    const results = runs[0]?.results ?? []
    expect(results[0]).toMatchObject({
      ruleId: 'HST002',
      level: 'error',
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'blender/3.6.5/package.py', uriBaseId: '%SRCROOT%' },
            region: { startLine: 7 },
          },
          logicalLocations: [{ fullyQualifiedName: 'blender-3.6.5/bin/blender' }],
        },
      ],
      partialFingerprints: { 'airtight/v1': '0'.repeat(64) },
    })
    expect(results.map((result) => result['baselineState'])).toEqual([
      undefined,
      'new',
      'unchanged',
      undefined,
      undefined,
      undefined,
    ])
    expect(results[3]?.['suppressions']).toEqual([
      { kind: 'external', status: 'accepted', justification: 'r, td, until 2027-01-01' },
    ])
  })

  test('a run holds no more than GitHub reads', () => {
    const findings = Array.from({ length: 25_010 }, (_, at) =>
      findingOf({ subject: `lib${at}.so`, objects: Array.from({ length: 150 }, (__, file) => `bin/${file}`) }),
    )
    const { runs } = JSON.parse(sarif(documentOf({ findings: findings.slice(0, 25_010) }), HERE)) as {
      runs: { results: { locations: { logicalLocations: unknown[] }[] }[]; invocations: unknown[] }[]
    }
    expect(runs).toHaveLength(1)
    expect(runs[0]?.results).toHaveLength(25_000)
    expect(runs[0]?.results[0]?.locations).toHaveLength(1)
    expect(runs[0]?.results[0]?.locations[0]?.logicalLocations.length).toBeLessThanOrEqual(1000)
    expect(JSON.stringify(runs[0]?.invocations)).toContain('10 findings are left out')
  })
})

describe('cyclonedx', () => {
  const library = '@cyclonedx/cyclonedx-library'
  const ajv = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false })
  for (const name of ['spdx', 'jsf-0.82', 'cryptography-defs']) {
    ajv.addSchema(
      schema(library, `res/schema/${name}.SNAPSHOT.schema.json`),
      `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`,
    )
  }
  const validate = ajv.compile(schema(library, 'res/schema/bom-1.6.SNAPSHOT.schema.json'))

  test.each(documents)('%s is valid', (_, document) => {
    expect(validate(JSON.parse(cyclonedx(document))), JSON.stringify(validate.errors)).toBe(true)
  })

  test('the schema refuses what is none', () => {
    expect(validate({ bomFormat: 'CycloneDX', specVersion: '1.6', components: [{ name: 'x' }] })).toBe(false)
  })

  test('every reference is that of a component, and appears once', () => {
    const bom = JSON.parse(cyclonedx(rich)) as {
      components: { 'bom-ref': string }[]
      dependencies: { ref: string; dependsOn?: string[] }[]
    }
    const refs = ['audit', ...bom.components.map((item) => item['bom-ref'])]
    expect(new Set(refs).size).toBe(refs.length)
    expect(bom.dependencies.map(({ ref }) => ref).sort()).toEqual(refs.sort())
    expect(bom.dependencies.flatMap(({ dependsOn = [] }) => dependsOn).filter((ref) => !refs.includes(ref))).toEqual([])
    const zlib = bom.components.find((item) => item['bom-ref'].includes('zlib1g'))
    expect(zlib).toMatchObject({ name: 'zlib1g', version: '1:1.2.13', purl: 'pkg:deb/debian/zlib1g@1%3A1.2.13' })
  })
})

describe('junit', () => {
  const counted = (xml: XmlDocument, path: string): number => xml.find(path).length

  test.each(documents)('%s is well formed, and its numbers are those of its elements', (_, document) => {
    const xml = XmlDocument.fromString(junit(document, HERE))
    try {
      expect(xml.root.name).toBe('testsuites')
      const suites = xml.find('/testsuites/testsuite')
      expect(suites.length).toBeGreaterThanOrEqual(document.packages.length > 0 ? 1 : 0)
      for (const [attribute, element] of [
        ['tests', 'testcase'],
        ['failures', 'testcase/failure'],
        ['errors', 'testcase/error'],
      ] as const) {
        const own = Number(xml.root.attrs.find(({ name }) => name === attribute)?.value)
        expect(own, attribute).toBe(counted(xml, `/testsuites/testsuite/${element}`))
        const sum = xml
          .find(`/testsuites/testsuite/@${attribute}`)
          .reduce((total, node) => total + Number(node.content), 0)
        expect(sum, attribute).toBe(own)
      }
    } finally {
      xml.dispose()
    }
  })

  test('what is accepted is skipped, a note passes', () => {
    const xml = XmlDocument.fromString(junit(rich, HERE))
    try {
      expect(counted(xml, '//skipped')).toBe(2)
      expect(counted(xml, '//failure')).toBe(4)
      expect(counted(xml, '//error')).toBe(1)
    } finally {
      xml.dispose()
    }
  })
})

describe('github', () => {
  test('one command a line, at most ten of a level, properties and data escaped', () => {
    const many = Array.from({ length: 30 }, (_, at) => findingOf({ subject: `lib${at}.so`, repairs: [] }))
    const lines = githubAnnotations({ ...rich, findings: [...rich.findings, ...many] }, HERE)
      .trimEnd()
      .split('\n')
    expect(lines.filter((line) => line.startsWith('::error '))).toHaveLength(10)
    for (const line of lines) {
      expect(line).toMatch(/^::(?:error|warning|notice) (?:file=[^,:]+,line=\d+,)?title=[^,:]*::[^\r\n]*$/)
    }
    expect(lines.join('\n')).not.toContain('\u001b')
  })

  test('names the line of package.py', () => {
    expect(githubAnnotations(rich, HERE)).toContain(
      '::error file=blender/3.6.5/package.py,line=7,title=HST002 host-leak%3A libpotrace.so.0::',
    )
  })
})

describe('gitlab', () => {
  test.each(documents)('%s has what a code quality report needs, and every fingerprint once', (_, document) => {
    const issues = JSON.parse(gitlab(document, HERE)) as {
      description: string
      check_name: string
      fingerprint: string
      severity: string
      location: { path: string; lines: { begin: number } }
    }[]
    for (const issue of issues) {
      expect(issue.description).not.toBe('')
      expect(['info', 'minor', 'major', 'critical', 'blocker']).toContain(issue.severity)
      expect(issue.location.path).not.toMatch(/^\.\//)
      expect(issue.location.lines.begin).toBeGreaterThan(0)
    }
    const prints = issues.map((issue) => issue.fingerprint)
    expect(new Set(prints).size).toBe(prints.length)
  })
})

describe('markdown', () => {
  test('names verdict, finding, fix and what is gone; hostile names stay text', () => {
    const page = markdown(rich)
    expect(page).toContain('## Airtight: 1 error (1 suppressed, 1 known, 1 fixed)')
    expect(page).toContain('**error** HST002 host-leak `libpotrace.so.0`')
    expect(page).toContain('- fix: Install libpotrace0 in the image.')
    expect(page).toContain('Fixed, to be taken out of the baseline:')
    expect(page).not.toContain('\u001b')
    expect(page.replaceAll(/(`+).*?\1/g, '')).not.toMatch(/<c>/)
  })
})

describe('dot', () => {
  test.each(documents)('%s is a graph of quoted names', (_, document) => {
    const lines = dot(document).trimEnd().split('\n')
    expect(lines[0]).toBe('digraph airtight {')
    expect(lines.at(-1)).toBe('}')
    const name = String.raw`"(?:[^"\\]|\\.)*"`
    const attributes = String.raw`\[(?:\w+=(?:\w+|${name})(?:, )?)+\]`
    for (const line of lines.slice(1, -1)) {
      expect(line).toMatch(new RegExp(`^ {2}(?:rankdir=LR|node ${attributes}|${name}(?: -> ${name})? ${attributes})$`))
    }
  })

  test('says who takes what from whom', () => {
    const binding = { ...bindingOf(0, 'base', 1, 1, 'unrequired') }
    const graph = dot(documentOf({ bindings: [binding, bindingOf(0, 'base', 0, null, null)] }))
    expect(graph).toContain('"blender-3.6.5" -> "tiff-4.5.1" [label="1", tooltip="libtiff.so.6", style=dashed]')
    expect(graph).toContain('"blender-3.6.5" -> "(missing)" [label="1", tooltip="libpotrace.so.0", color=red]')
  })
})
