/** The documents keep up with the repository: every link leads somewhere, every dependency has its reason. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { REPOSITORY, repositoryFiles, repositoryText } from './repository.ts'

const PAGES = repositoryFiles().filter((file) => file.endsWith('.md'))

test('every relative link of a document leads to a file', () => {
  const links = PAGES.flatMap((page) =>
    [...repositoryText(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)(?:#[^)]*)?\)/g)].map((link) => [
      page,
      link[1] ?? '',
    ]),
  )
  expect(links.length).toBeGreaterThan(4)
  expect(links.filter(([page = '', link = '']) => !existsSync(join(REPOSITORY, dirname(page), link)))).toEqual([])
})

test('every dependency has a decision page that names it', () => {
  const manifest = JSON.parse(repositoryText('package.json')) as Record<string, Record<string, string> | undefined>
  const dependencies = Object.keys({ ...manifest['dependencies'], ...manifest['devDependencies'] })
  expect(dependencies).toContain('yaml')
  const named = PAGES.filter((page) => page.startsWith('docs/decisions/'))
    .flatMap((page) => /^Packages: (.*)$/m.exec(repositoryText(page))?.[1]?.split(', ') ?? [])
    .map((name) => name.replaceAll('`', ''))
  expect(dependencies.filter((name) => !named.includes(name))).toEqual([])
  expect(named.filter((name) => !dependencies.includes(name))).toEqual([])
})

test('every decision says its context, what was decided and what was given up', () => {
  const decisions = PAGES.filter((page) => page.startsWith('docs/decisions/') && !page.endsWith('README.md'))
  const incomplete = decisions.filter((page) => {
    const text = repositoryText(page)
    return !['# ', '**Context.**', '**Decision.**', '**Given up.**'].every((part) => text.includes(part))
  })
  expect(incomplete).toEqual([])
})
