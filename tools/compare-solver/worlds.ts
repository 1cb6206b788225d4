/** Generated repositories and requests that make a solver choose: ranges, variants, conflicts, ephemerals, dead ends. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { randomFrom } from '../compare-rez/questions.ts'

export interface World {
  readonly repositories: readonly string[]
  readonly requests: readonly (readonly string[])[]
}

const FAMILIES = 40
const VERSIONS = ['1.0', '1.1', '1.2', '2.0', '2.0.1', '2.1', '2-beta', '3', '3.1', '4.0', '10.1']

/** How much of everything a world has: each number is one in so many. */
interface Nature {
  readonly requires: number
  readonly variants: number
  readonly conflict: number
  readonly weak: number
  readonly ephemeral: number
  readonly narrow: number
  readonly backward: number
}

/** Writes the repositories of one world into `folder` and makes `count` requests over it. */
export function makeWorld(folder: string, seed: number, count: number): World {
  return new WorldMaker(folder, randomFrom(seed)).make(count)
}

class WorldMaker {
  readonly #folder: string
  readonly #random: () => number
  readonly #families: string[] = []
  readonly #versions = new Map<string, readonly string[]>()
  readonly #nature: Nature

  constructor(folder: string, random: () => number) {
    this.#folder = folder
    this.#random = random
    this.#nature = {
      requires: 1 + this.#below(4),
      variants: 2 + this.#below(3),
      conflict: 8 + this.#below(30),
      weak: 6 + this.#below(12),
      ephemeral: 14 + this.#below(40),
      narrow: 2 + this.#below(9),
      backward: 400 + this.#below(4000),
    }
  }

  make(count: number): World {
    const repositories = ['local', 'released'].map((name) => `${this.#folder}/${name}`)
    for (const repository of repositories) mkdirSync(repository, { recursive: true })
    for (let i = 0; i < FAMILIES; i += 1) {
      const name = `${this.#of(['lib', 'app', 'py', 'tool'])}${i}`
      const versions = this.#shuffled(VERSIONS).slice(0, 1 + this.#below(8))
      for (const version of versions) {
        this.#package(this.#below(6) === 0 ? repositories[0] : repositories[1], name, version)
        // The same version in the second repository must not be seen.
        if (this.#below(10) === 0) this.#package(repositories[0], name, version)
      }
      this.#families.push(name)
      this.#versions.set(name, versions)
    }
    return { repositories, requests: Array.from({ length: count }, () => this.#requestList()) }
  }

  #requestList(): readonly string[] {
    const late = this.#families.slice(FAMILIES / 2)
    const list = Array.from({ length: 1 + this.#below(5) }, () =>
      this.#one(this.#below(3) === 0 ? this.#of(this.#families) : this.#of(late)),
    )
    if (this.#below(6) === 0) list.push(`!${this.#of(this.#families)}-${this.#of(['1', '2+', '3'])}`)
    if (this.#below(5) === 0) list.push(`~${this.#of(this.#families)}-${this.#of(['1+', '2', '<3', '2|3'])}`)
    if (this.#below(8) === 0) list.push(`.feature-${this.#of(['1', '2', '1+<3'])}`)
    if (this.#below(12) === 0) list.push(this.#of(['nothing', 'lib0-99', `${this.#of(this.#families)}-77`]))
    return this.#shuffled(list)
  }

  #package(repository: string | undefined, name: string, version: string): void {
    if (repository === undefined) return
    const folder = `${repository}/${name}/${version}`
    mkdirSync(folder, { recursive: true })
    const requires = distinct(Array.from({ length: this.#below(this.#nature.requires + 1) }, () => this.#require()))
    const variants = this.#below(this.#nature.variants) === 0 ? this.#variants(requires) : []
    const fields: [string, unknown][] = [
      ['name', name],
      ['version', version],
      ['requires', requires],
      ...(variants.length === 0 ? [] : [['variants', variants] as [string, unknown]]),
      ...(variants.length > 0 && this.#below(2) === 0 ? [['hashed_variants', true] as [string, unknown]] : []),
      ...(this.#below(2) === 0 ? [['timestamp', 1_500_000_000 + this.#below(1000)] as [string, unknown]] : []),
    ]
    const text = fields.map(([key, value]) => `${key} = ${JSON.stringify(value).replaceAll('true', 'True')}\n`).join('')
    writeFileSync(`${folder}/package.py`, text)
  }

  #variants(requires: readonly string[]): string[][] {
    if (this.#families.length < 2) return []
    const shared = this.#of(this.#families)
    const lists = Array.from({ length: 1 + this.#below(4) }, () => {
      const list = Array.from({ length: 1 + this.#below(2) }, () => this.#require())
      const all = [this.#below(4) === 0 ? this.#require() : this.#one(shared), ...list]
      return this.#below(100) === 0 ? distinct(all) : distinct([...requires, ...all]).slice(requires.length)
    })
    return [...new Map(lists.filter((list) => list.length > 0).map((list) => [list.join(' '), list])).values()]
  }

  #require(): string {
    const { conflict, weak, ephemeral, backward } = this.#nature
    if (this.#below(ephemeral) === 0) return `.feature-${this.#of(['1', '2', '1+', '1+<3', '1.2'])}`
    if (this.#families.length === 0) return ''
    // Now and then on a family that comes later, which may make a circle.
    if (this.#below(backward) === 0) return `app${this.#below(FAMILIES)}`
    const name = this.#of(this.#below(3) === 0 ? this.#families : this.#families.slice(-12))
    if (this.#below(conflict) === 0) return `!${name}-${this.#of(['1', '2', '3', '4+', '==1.0'])}`
    if (this.#below(weak) === 0) return `~${this.#one(name)}`
    return this.#one(name)
  }

  #one(name: string): string {
    const version = this.#of(this.#versions.get(name) ?? VERSIONS)
    const major = version.split(/[.-]/)[0] ?? ''
    if (this.#below(this.#nature.narrow) === 0) return `${name}-${this.#below(3) === 0 ? version : major}`
    const ranges = [
      '',
      `>=${major}`,
      `-${major}+`,
      `-${major}|${this.#of(['2', '3'])}`,
      `-1+<${major}_`,
      `<=${version}`,
    ]
    return `${name}${this.#of([...ranges, `==${version}`, '', `-${major}+`])}`
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

/** One requirement for each family: two that clash would make the package one that Rez refuses. */
function distinct(requires: readonly string[]): string[] {
  const byName = new Map<string, string>()
  for (const text of requires) {
    const name = text.replace(/^[!~]/, '').split(/[-=<>]/)[0] ?? ''
    if (text !== '' && !byName.has(name)) byName.set(name, text)
  }
  return [...byName.values()]
}
