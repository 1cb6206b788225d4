/** Generated repositories with every layout that Rez reads, and requests that name all their packages. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { variantHash } from '../../src/rez/repository/variant-root.ts'
import { parseRequirement } from '../../src/rez/version/requirement.ts'
import { isParseError } from '../../src/rez/version/parse-error.ts'
import { randomFrom } from './questions.ts'
import type { Asked } from './compare-contexts.ts'

const VERSIONS = ['1.0', '1.2', '2.0', '2.0.1', '2-beta', '3', '10.1']
const FAMILIES = 9

type Layout = 'folder' | 'yaml' | 'unversioned' | 'combined' | 'combined-yaml' | 'hashed' | 'hashed-links'

interface Made {
  readonly name: string
  readonly version: string
}

/** Writes one studio of two repositories into `folder`. */
export function makeStudio(folder: string, seed: number): Asked {
  const maker = new StudioMaker(folder, randomFrom(seed))
  return maker.make()
}

class StudioMaker {
  readonly #folder: string
  readonly #random: () => number
  readonly #made: Made[] = []

  constructor(folder: string, random: () => number) {
    this.#folder = folder
    this.#random = random
  }

  make(): Asked {
    const repositories = ['first', 'second'].map((name) => `${this.#folder}/${name}`)
    for (const repository of repositories) mkdirSync(repository, { recursive: true })
    for (let i = 0; i < FAMILIES; i += 1) {
      const name = this.#below(6) === 0 ? `p${i}.core` : `p${i}`
      const version = this.#family(this.#of(repositories), name)
      // The same version in the second repository must not be seen.
      if (this.#below(5) === 0) this.#package(repositories[1] ?? '', name, this.#of(VERSIONS), 'folder')
      this.#made.push({ name, version })
    }
    const requests = this.#made.map(({ name, version }) => `${name}==${version}`)
    const asked = this.#shuffled(requests)
    if (this.#below(4) === 0) asked.push(this.#of(['!p1-99', '~p2-1+', '~p3', '.eph-1']))
    return { requests: asked, repositories }
  }

  #family(repository: string, name: string): string {
    const layout = this.#of<Layout>([
      'folder',
      'folder',
      'folder',
      'yaml',
      'unversioned',
      'combined',
      'combined-yaml',
      'hashed',
      'hashed-links',
    ])
    if (layout === 'unversioned') {
      this.#package(repository, name, '', layout)
      return ''
    }
    const versions = this.#shuffled(VERSIONS).slice(0, 1 + this.#below(3))
    const chosen = this.#of(versions)
    if (layout === 'combined' || layout === 'combined-yaml') {
      this.#combined(repository, name, versions, layout)
      return chosen
    }
    for (const version of versions) this.#package(repository, name, version, layout)
    this.#marks(`${repository}/${name}`, versions)
    return chosen
  }

  /** Names that Rez passes over, and marks that hide a version or do not. */
  #marks(family: string, versions: readonly string[]): void {
    mkdirSync(`${family}/.cache`, { recursive: true })
    writeFileSync(`${family}/notes.txt`, '')
    if (this.#below(6) === 0) writeFileSync(`${family}/.building${this.#of(versions)}`, '')
    if (this.#below(40) === 0) writeFileSync(`${family}/.ignore${this.#of(versions)}`, '')
    if (this.#below(3) === 0) {
      mkdirSync(`${family}/9.9`, { recursive: true })
      writeFileSync(`${family}/.building9.9`, '')
    }
  }

  #package(repository: string, name: string, version: string, layout: Layout): void {
    const folder = version === '' ? `${repository}/${name}` : `${repository}/${name}/${version}`
    mkdirSync(folder, { recursive: true })
    const variants = this.#variants(layout)
    const fields: [string, unknown][] = [
      ['name', name],
      ...(version === '' ? [] : [['version', version] as [string, unknown]]),
      ['requires', this.#requires()],
      ...(variants.length === 0 ? [] : [['variants', variants] as [string, unknown]]),
      ...(layout === 'hashed' || layout === 'hashed-links' ? [['hashed_variants', true] as [string, unknown]] : []),
    ]
    if (layout === 'yaml') writeFileSync(`${folder}/package.yaml`, JSON.stringify(Object.fromEntries(fields)))
    else writeFileSync(`${folder}/package.py`, fields.map(([key, value]) => `${key} = ${python(value)}\n`).join(''))
    if (layout === 'folder' && this.#below(5) === 0) writeFileSync(`${folder}/package.yaml`, 'name: other\n')
    if (layout === 'hashed-links') this.#links(folder, variants)
  }

  #links(folder: string, variants: readonly (readonly string[])[]): void {
    mkdirSync(`${folder}/_v`)
    symlinkSync('../nothing', `${folder}/_v/0`)
    variants.forEach((variant, i) => {
      const hash = variantHash(variant.map(canonical))
      mkdirSync(`${folder}/${hash}`, { recursive: true })
      if (this.#below(3) === 0) return
      symlinkSync(this.#below(2) === 0 ? `../${hash}` : `${folder}/${hash}`, `${folder}/_v/${'abcdef'[i] ?? 'z'}`)
    })
  }

  #combined(repository: string, name: string, versions: readonly string[], layout: Layout): void {
    const overrides = { [this.#of(['1', '2+', '3|10'])]: { requires: this.#requires() } }
    const fields = { name, versions, requires: this.#requires(), version_overrides: overrides }
    const text = Object.entries(fields).map(([key, value]) => `${key} = ${python(value)}\n`)
    if (layout === 'combined') writeFileSync(`${repository}/${name}.py`, text.join(''))
    else writeFileSync(`${repository}/${name}.yaml`, JSON.stringify(fields))
  }

  #variants(layout: Layout): string[][] {
    if (layout !== 'hashed' && layout !== 'hashed-links' && this.#below(2) === 0) return []
    const count = 1 + this.#below(4)
    const lists = Array.from({ length: count }, () => Array.from({ length: 1 + this.#below(3) }, () => this.#require()))
    const filled = lists.map((list) => list.filter((item) => item !== '')).filter((list) => list.length > 0)
    // Of two links to one folder Rez takes the one that the disk lists first.
    return [...new Map(filled.map((list) => [list.map(canonical).join(' '), list])).values()]
  }

  #requires(): string[] {
    return Array.from({ length: this.#below(3) }, () => this.#require()).filter((item) => item !== '')
  }

  /** Mostly met by the version that the requests name; on a package made before, so that there is no circle. */
  #require(): string {
    if (this.#made.length === 0) return ''
    const { name, version } = this.#of(this.#made)
    const major = version.split(/[.-]/)[0] ?? ''
    if (version === '' || this.#below(5) === 0) return this.#of([name, name, `!${name}-99`, `~${name}`])
    if (this.#below(80) === 0) return `${name}-${this.#of(VERSIONS)}`
    const met = [`-${major}`, `>=${major}`, `-${version}`, `@${major}+`, `#${major}|99`, `-0+<999`, `==${version}`]
    return this.#below(6) === 0 ? `~${name}-${major}` : `${name}${this.#of(met)}`
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit)
  }

  #of<T>(list: readonly T[]): T {
    const item = list[this.#below(list.length)]
    if (item === undefined) throw new Error('an empty list')
    return item
  }

  #shuffled<T>(list: readonly T[]): T[] {
    return list
      .map((item) => ({ item, at: this.#random() }))
      .sort((a, b) => a.at - b.at)
      .map(({ item }) => item)
  }
}

function canonical(text: string): string {
  const requirement = parseRequirement(text)
  if (isParseError(requirement)) throw new Error(requirement.error)
  return requirement.text
}

function python(value: unknown): string {
  return JSON.stringify(value).replaceAll('true', 'True')
}
