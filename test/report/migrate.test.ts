/** A migration plan in its formats: the JSON meets its schema, names are never markup, the page loads and runs nothing. */
import { describe, expect, it } from 'vitest'
import { migrateHtml } from '../../src/report/migrate/html.ts'
import { migrateMarkdown } from '../../src/report/migrate/markdown.ts'
import { migrateText } from '../../src/report/migrate/text.ts'
import { plainStyle } from '../../src/report/style.ts'
import { meetsSchema } from '../../tools/migration-schema.ts'
import { planStudio } from '../support/move.ts'
import { inSystem, lib, program } from '../support/studio.ts'

const hostile = 'lib<b>|q`.so.1'
const plan = planStudio({
  packages: {
    'a-1': { files: { 'bin/a': program(hostile), 'lib/liba.so.1': lib('liba.so.1', 'libz.so.1') } },
    'b-1': { requires: ['a'], files: { 'bin/b': program('liba.so.1') } },
    'c-1': { requires: ['a'], files: { 'bin/c': program(hostile) } },
  },
  host: { [inSystem(hostile)]: lib(hostile), [inSystem('libz.so.1')]: lib('libz.so.1') },
  base: { [inSystem('libz.so.2')]: lib('libz.so.2') },
})

it('meets the published schema', () => {
  expect(meetsSchema(plan)).toBe(true)
  expect(meetsSchema({ ...plan, prefer: 'nothing' as 'graft' })).toBe(false)
})

describe.each([
  ['text', migrateText(plan, { style: plainStyle, all: true })],
  ['Markdown', migrateMarkdown(plan)],
  ['HTML', migrateHtml(plan)],
])('as %s', (_, document) => {
  it('has every package and its verdict, and the same bytes twice', () => {
    for (const word of ['a-1', 'b-1', 'c-1', 'needs grafts', 'runs as it is', 'libz.so.2'])
      expect(document).toContain(word)
  })
})

it('lets no name be markup', () => {
  expect(migrateHtml(plan)).not.toContain('<b>')
  expect(migrateHtml(plan)).toContain('lib&lt;b&gt;|q`.so.1')
  expect(migrateHtml(plan)).not.toMatch(/<script|src=|href=/)
  const cells = migrateMarkdown(plan)
    .split('\n')
    .filter((line) => line.includes('q\\`.so.1'))
  expect(cells.length).toBeGreaterThan(0)
  expect(cells.filter((line) => line.includes('<b>') || line.includes('>|q'))).toEqual([])
})

it('puts first what most packages would carry', () => {
  expect(plan.targets[0]?.shared).toEqual([{ soname: hostile, packages: ['a-1', 'c-1'] }])
})
