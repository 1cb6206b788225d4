/** Rule, source file, page and test bear one name, and each rule has all of them. */
import { expect, test } from 'vitest'
import { rules } from '../../src/rules/registry.ts'
import { repositoryFiles, repositoryText } from './repository.ts'

const FAMILIES = ['RES', 'HST', 'REQ', 'DUP', 'SYM', 'RPH', 'ENV', 'PKG', 'MIG', 'FIX', 'SUP', 'OBS']

test('ids and names are unique and of the known form', () => {
  expect(new Set(rules.map((rule) => rule.id)).size).toBe(rules.length)
  expect(new Set(rules.map((rule) => rule.name)).size).toBe(rules.length)
  const odd = rules.filter((rule) => !FAMILIES.includes(rule.id.slice(0, 3)) || !/^[A-Z]{3}\d{3}$/.test(rule.id))
  expect(odd.map((rule) => rule.id)).toEqual([])
  expect(rules.filter((rule) => !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(rule.name)).map((rule) => rule.name)).toEqual([])
})

test('every rule file is in the registry, and every rule has a file', () => {
  const files = repositoryFiles('src/rules').filter((file) => /\/[a-z]{3}\d{3}-[^/]+\.ts$/.test(file))
  expect(files).toEqual(rules.map((rule) => `src/rules/${slug(rule)}.ts`).sort())
})

test('every rule has a page, every page a rule', () => {
  const pages = repositoryFiles('docs/rules').filter((file) => !file.endsWith('README.md'))
  expect(pages).toEqual(rules.map((rule) => `docs/rules/${rule.id}-${rule.name}.md`).sort())
})

test('a page begins with its rule and with the summary of the rule', () => {
  const apart = rules.filter((rule) => {
    const [title = '', , ...rest] = repositoryText(`docs/rules/${rule.id}-${rule.name}.md`).split('\n')
    const first = rest.join('\n').split('\n\n')[0]?.replaceAll('\n', ' ') ?? ''
    return !title.startsWith(`# ${rule.id}`) || !title.includes(rule.name) || !first.includes(rule.summary)
  })
  expect(apart.map((rule) => rule.id)).toEqual([])
})

test('every rule has a test', () => {
  const tests = repositoryFiles('test/rules')
  expect(rules.filter((rule) => !tests.includes(`test/rules/${slug(rule)}.test.ts`)).map(slug)).toEqual([])
})

function slug(rule: { readonly id: string; readonly name: string }): string {
  return `${rule.id.toLowerCase()}-${rule.name}`
}

/** Shown in no sample: what holds the path of its own folder cannot be committed, for a checkout lies anywhere. */
const WITHOUT_SAMPLE = ['PKG003']
/** Families whose pages quote a sample, beside every page that does so anyway. */
const QUOTED = /^(?:RPH|ENV00[1-4]|DUP00[23]|RES00[67]|REQ00[47]|PKG00[34])/

test('what a page quotes is what a sample says', () => {
  const said = new Set(
    repositoryFiles('samples')
      .filter((file) => /\/expected\/[^/]+\.txt$/.test(file))
      .flatMap(blocks),
  )
  const quotes = rules.map((rule) => ({ rule, quoted: quotesOf(rule) }))
  const invented = quotes.filter(
    ({ rule, quoted }) => QUOTED.test(rule.id) && quoted.some((quote) => !said.has(quote) || !quote.includes(rule.id)),
  )
  expect(invented.map(({ rule }) => rule.id)).toEqual([])
  const without = quotes.filter(({ rule, quoted }) => QUOTED.test(rule.id) && quoted.length === 0)
  expect(without.map(({ rule }) => rule.id).sort()).toEqual([...WITHOUT_SAMPLE].sort())
})

test('a rule is tested over tables of found and clean worlds, with a repair', () => {
  const without = rules.filter(
    (rule) => !repositoryText(`test/rules/${slug(rule)}.test.ts`).includes(`ruleWorlds('${rule.id}',`),
  )
  // A rule about a move needs two bases: its worlds are those of test/support/move.ts.
  const audited = without.filter((rule) => rule.migrate === undefined)
  expect(audited.map(slug)).toEqual([])
})

test('a rule about a move is tested where it finds something and where it is silent', () => {
  const moves = rules.filter((rule) => rule.migrate !== undefined)
  expect(moves.map((rule) => rule.id.slice(0, 3))).toEqual(moves.map(() => 'MIG'))
  const without = moves.filter((rule) => {
    const text = repositoryText(`test/rules/${slug(rule)}.test.ts`).replace(/\s+/g, ' ')
    return !text.includes(`moveVerdicts('${rule.id}',`) || !text.includes("it('is silent")
  })
  expect(without.map(slug)).toEqual([])
})

/** Blocks of a report, separated by empty lines. */
function blocks(file: string): readonly string[] {
  return repositoryText(file).split('\n\n')
}

/** Text blocks below the page's example. */
function quotesOf(rule: { readonly id: string; readonly name: string }): readonly string[] {
  const page = repositoryText(`docs/rules/${rule.id}-${rule.name}.md`)
  const example = /## Example\n([\s\S]*?)\n## /.exec(page)?.[1] ?? ''
  return [...example.matchAll(/```text\n([\s\S]*?)\n```/g)].map((match) => match[1] ?? '')
}
