/** The audit as JSON: the schema that is published, the one that checks, and what the writer writes. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { auditJson } from '../../src/report/audit-json.ts'
import { parseAuditDocument } from '../../src/report/json-schema.ts'
import { schemaErrors } from '../support/published-schema.ts'
import { schemaFiles } from '../../tools/schemas.ts'
import { bindingOf, documentOf } from './documents.ts'

const published = readFileSync(resolve(import.meta.dirname, '../../schemas/audit.v1.schema.json'), 'utf8')
const document = documentOf({
  bindings: [
    {
      ...bindingOf(0, 'base', 0, null, null),
      met_elsewhere: true,
      trail: [{ stage: 'cache', folder: 0, verdict: 'absent', reason: 'not in the cache' }],
    },
  ],
})

test('the published schema is the one of the code', async () => {
  expect((await schemaFiles()).get('audit.v1.schema.json')).toBe(published)
})

test('what is written passes the published schema and is read back as it was', () => {
  const data: unknown = JSON.parse(auditJson(document))
  expect(schemaErrors('audit', data)).toEqual([])
  expect(parseAuditDocument(data)).toEqual(document)
})

test('the keys stand in the order of the format', () => {
  expect(Object.keys(JSON.parse(auditJson(document)) as object)).toEqual([
    'schema',
    'tool',
    'contexts',
    'base',
    'host',
    'summary',
    'packages',
    'names',
    'folders',
    'objects',
    'bindings',
    'findings',
    'repairs',
    'faults',
  ])
})

test('one record stands in one line', () => {
  const lines = auditJson(document).split('\n')
  expect(lines.filter((line) => line.includes('"fingerprint"'))).toHaveLength(1)
  expect(lines.filter((line) => line.startsWith('    {"path"'))).toHaveLength(document.objects.length)
})

test('a name that is no text survives', () => {
  const name = 'lib\udcff.so'
  expect(JSON.parse(auditJson(documentOf({ names: [name, 'b', 'c'] })))).toMatchObject({ names: [name, 'b', 'c'] })
})

describe('a saved audit is refused', () => {
  const data = (change: object): unknown => ({ ...(JSON.parse(auditJson(document)) as object), ...change })
  test.each([
    ['no object', [], 'is no audit document'],
    [
      'another schema',
      data({ schema: 'airtight/audit/v9' }),
      'expected airtight/audit/v1, this says airtight/audit/v9',
    ],
    ['an unknown key', data({ findngs: [] }), 'findngs'],
    ['a wrong type', data({ names: [1] }), 'names.0'],
    ['a binding of no object', data({ bindings: [bindingOf(99, 'host', 0, null, null)] }), 'bindings.0'],
    ['a package that is not there', data({ contexts: [{ ...document.contexts[0], packages: [7] }] }), 'contexts.0'],
  ])('%s', (_, value, problem) => {
    const result = parseAuditDocument(value)
    expect('problem' in result ? result.problem : 'accepted').toContain(problem)
  })

  test('but keys of others are passed over', () => {
    expect(parseAuditDocument(data({ 'x-studio': { any: 1 } }))).toEqual(document)
  })
})
