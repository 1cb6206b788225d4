/** Rule, source file, page and test bear one name, and each rule has all of them. */
import { expect, test } from 'vitest'
import { rules } from '../../src/rules/registry.ts'
import { repositoryFiles, repositoryText } from './repository.ts'

const FAMILIES = ['RES', 'HST', 'REQ', 'DUP', 'SYM', 'RPH', 'ENV', 'PKG', 'MIG', 'FIX', 'SUP']

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
