/** Lays policy files over each other: what a file extends comes first, and each entry keeps its origin. */
import type { Severity } from '../domain/audit.ts'
import type { AllowPolicy, Origin, Policy, PolicyEntry, RuleSetting, Suppression, Where } from './policy.ts'
import { DEFAULT_PRIVATE_DIRS, defaultPolicy } from './policy.ts'
import type { Layer, RuleNames } from './read.ts'
import type { ListFile, PolicyFile, SettingsFile, WhereFile } from './schema.ts'

/**
 * The policy that some files make together.
 *
 * @param layers the weakest first; the last is the studio's own file
 */
export function mergeLayers(layers: readonly Layer[], rules: RuleNames): Policy {
  const merger = new Merger(layers, rules)
  return merger.policy()
}

type Path = readonly (string | number)[]

/** One element with the line it comes from. */
interface Item {
  readonly value: string
  readonly origin: Origin
}

class Merger {
  readonly #layers: readonly Layer[]
  readonly #rules: RuleNames
  readonly #entries: PolicyEntry[] = []

  constructor(layers: readonly Layer[], rules: RuleNames) {
    this.#layers = layers
    this.#rules = rules
  }

  policy(): Policy {
    const file = this.#layers.at(-1)?.file ?? null
    return {
      file,
      host: this.#scalar('host'),
      base: this.#scalar('base'),
      repos: this.#list('repos', [], true),
      baseline: this.#scalar('baseline'),
      allow: this.#allow(),
      drivers: this.#named('drivers', (name, get) => ({
        name,
        device: get.scalar('device'),
        sonames: get.list('sonames'),
        stubs: get.list('stubs'),
        reason: get.scalar('reason'),
      })),
      singletons: new Map(
        this.#names('singletons').map((name) => [
          name,
          this.#listAt(['singletons', name], (data) => data.singletons?.[name]),
        ]),
      ),
      plugins: this.#named('plugins', (name, get) => ({
        name,
        match: get.list('match'),
        host: get.scalar('host') ?? name,
      })),
      privateDirs: this.#list('private_dirs', DEFAULT_PRIVATE_DIRS, false),
      ignorePaths: this.#list('ignore_paths', [], false),
      rules: this.#settings(),
      remedies: this.#remedies(),
      require: this.#require(),
      suppressions: this.#suppressions(),
      ...this.#packages(),
      ...this.#repair(),
      parentEnvironment: this.#parentEnvironment(),
      runtime: {
        mounts: this.#listAt(['runtime', 'mounts'], (data) => data.runtime?.mounts),
        licenceVariables: this.#listAt(['runtime', 'licence_variables'], (data) => data.runtime?.licence_variables),
      },
      entries: this.#entries,
    }
  }

  #show(path: readonly string[], value: unknown, origin: Origin): void {
    this.#entries.push({ path, value, origin })
  }

  /** The last file that says it. */
  #scalar(key: 'host' | 'base' | 'baseline'): string | null {
    return this.#last([key], (data) => data[key])
  }

  #list(
    key: 'repos' | 'private_dirs' | 'ignore_paths',
    start: readonly string[],
    ownFirst: boolean,
  ): readonly string[] {
    return this.#listAt([key], (data) => data[key], start, ownFirst)
  }

  /** Lists add up, unless a file overrides what came before it. */
  #listAt(
    path: readonly string[],
    get: (data: PolicyFile) => ListFile | undefined,
    start: readonly string[] = [],
    ownFirst = false,
  ): readonly string[] {
    let items: Item[] = start.map((value) => ({ value, origin: { file: 'default', line: null } }))
    for (const layer of this.#layers) {
      const list = get(layer.located.data)
      if (list === undefined) continue
      const values = Array.isArray(list) ? list : list.override
      const at: Path = Array.isArray(list) ? path : [...path, 'override']
      const own = values.map((value, index) => ({ value, origin: originOf(layer, [...at, index]) }))
      if (!Array.isArray(list)) items = own
      else items = ownFirst ? [...own, ...items] : [...items, ...own]
    }
    const known = new Map(items.map((item) => [item.value, item]))
    for (const { value, origin } of known.values()) this.#show(path, value, origin)
    return [...known.keys()]
  }

  /** Names of the entries of a map, in the order in which they were first met. */
  #names(key: 'allow' | 'drivers' | 'singletons' | 'plugins' | 'packages'): readonly string[] {
    return [...new Set(this.#layers.flatMap(({ located }) => Object.keys(located.data[key] ?? {})))]
  }

  /** Entries of one name in several files are one: its lists add up, and of its texts the last holds. */
  #named<T>(key: 'drivers' | 'plugins' | 'allow', make: (name: string, get: Getter) => T): readonly T[] {
    return this.#names(key).map((name) => make(name, this.#getter(key, name)))
  }

  #getter(key: 'drivers' | 'plugins' | 'allow', name: string): Getter {
    const entry = (data: PolicyFile): Readonly<Record<string, unknown>> | undefined => {
      const found = data[key]?.[name]
      return found === undefined ? undefined : { ...found }
    }
    return {
      scalar: (field) => {
        const layer = this.#layers.findLast(({ located }) => typeof entry(located.data)?.[field] === 'string')
        const value = layer === undefined ? undefined : entry(layer.located.data)?.[field]
        if (layer === undefined || typeof value !== 'string') return null
        this.#show([key, name, field], value, originOf(layer, [key, name, field]))
        return value
      },
      flag: (field) => {
        const layer = this.#layers.findLast(({ located }) => typeof entry(located.data)?.[field] === 'boolean')
        const value = layer !== undefined && entry(layer.located.data)?.[field] === true
        if (layer !== undefined) this.#show([key, name, field], value, originOf(layer, [key, name, field]))
        return value
      },
      list: (field) => this.#listAt([key, name, field], (data) => entry(data)?.[field] as ListFile | undefined),
      origin: () => {
        const layer = this.#layers.findLast(({ located }) => entry(located.data) !== undefined)
        return layer === undefined ? { file: 'default', line: null } : originOf(layer, [key, name])
      },
    }
  }

  #allow(): readonly AllowPolicy[] {
    const from = (text: string | null): AllowPolicy['from'] => (text === 'host' || text === 'driver' ? text : 'base')
    return this.#named('allow', (name, get) => ({
      name,
      from: from(get.scalar('from')),
      sonames: get.list('sonames'),
      mustExist: get.flag('must_exist'),
      reason: get.scalar('reason'),
      origin: get.origin(),
    }))
  }

  /** Settings of rules, then those of single packages, which are the more specific ones. */
  #settings(): readonly RuleSetting[] {
    const settings: RuleSetting[] = []
    const add = (layer: Layer, name: string, set: SettingsFile, path: readonly string[], item: string | null): void => {
      const list = typeof set === 'string' ? [{ severity: set }] : Array.isArray(set) ? set : [set]
      list.forEach((one: { severity: Severity; when?: WhereFile | undefined }, at) => {
        const origin = originOf(layer, Array.isArray(set) ? [...path, at] : path)
        const conditions = item === null ? one.when : { package: item, ...one.when }
        const setting = { rule: this.#id(name), severity: one.severity, where: whereOf(conditions), origin }
        settings.push(setting)
        this.#show(path, one.when === undefined ? one.severity : one, origin)
      })
    }
    for (const layer of this.#layers) {
      const { data } = layer.located
      for (const [name, set] of Object.entries(data.rules ?? {})) add(layer, name, set, ['rules', name], null)
      for (const [item, entry] of Object.entries(data.packages ?? {})) {
        for (const [name, set] of Object.entries(entry.rules ?? {})) {
          add(layer, name, set, ['packages', item, 'rules', name], item)
        }
      }
    }
    return settings
  }

  #id(name: string): string {
    return this.#rules.id(name) ?? name
  }

  #remedies(): ReadonlyMap<string, string> {
    const remedies = new Map<string, { readonly text: string; readonly origin: Origin; readonly name: string }>()
    for (const layer of this.#layers) {
      for (const [name, text] of Object.entries(layer.located.data.remedies ?? {})) {
        remedies.set(this.#id(name), { text, origin: originOf(layer, ['remedies', name]), name })
      }
    }
    for (const { text, origin, name } of remedies.values()) this.#show(['remedies', name], text, origin)
    return new Map([...remedies].map(([id, { text }]) => [id, text]))
  }

  /** Of a name that several files have the last holds. */
  #parentEnvironment(): ReadonlyMap<string, string | null> {
    const names = this.#layers.flatMap(({ located }) => Object.keys(located.data.parent_environment ?? {}))
    return new Map(
      [...new Set(names)].map((name) => [
        name,
        this.#last(['parent_environment', name], (data) => data.parent_environment?.[name]),
      ]),
    )
  }

  #require(): Policy['require'] {
    let { suppression, maxAgeDays } = defaultPolicy.require
    for (const layer of this.#layers) {
      const { require } = layer.located.data
      if (require?.suppression !== undefined) suppression = require.suppression
      if (require?.max_age_days !== undefined) maxAgeDays = require.max_age_days
      if (require !== undefined) this.#show(['require'], require, originOf(layer, ['require']))
    }
    return { suppression, maxAgeDays }
  }

  #suppressions(): readonly Suppression[] {
    return this.#layers.flatMap((layer) =>
      (layer.located.data.suppress ?? []).map((entry, at): Suppression => {
        const origin = originOf(layer, ['suppress', at])
        this.#show(['suppress'], entry, origin)
        return {
          rule: this.#id(entry.rule),
          where: whereOf(entry.where),
          reason: entry.reason ?? null,
          owner: entry.owner ?? null,
          ticket: entry.ticket ?? null,
          expires: entry.expires ?? null,
          origin,
        }
      }),
    )
  }

  #packages(): Pick<Policy, 'payloads' | 'vendors'> {
    const payloads = new Map<string, readonly string[]>()
    const vendors = new Set<string>()
    for (const name of this.#names('packages')) {
      const payload = this.#listAt(['packages', name, 'payload'], (data) => data.packages?.[name]?.payload)
      if (payload.length > 0) payloads.set(name, payload)
      if (this.#last(['packages', name, 'vendor'], (data) => data.packages?.[name]?.vendor) === true) vendors.add(name)
    }
    return { payloads, vendors }
  }

  #repair(): Pick<Policy, 'repairOrder' | 'repairNever' | 'graftFrom'> {
    return {
      repairOrder: this.#last(['repair', 'prefer'], (data) => data.repair?.prefer) ?? [],
      repairNever: this.#last(['repair', 'never'], (data) => data.repair?.never) ?? [],
      graftFrom: this.#last(['repair', 'graft_from'], (data) => data.repair?.graft_from) ?? [],
    }
  }

  /** What the last file says that says anything. */
  #last<T>(path: readonly string[], get: (data: PolicyFile) => T | undefined): T | null {
    const layer = this.#layers.findLast(({ located }) => get(located.data) !== undefined)
    const value = layer === undefined ? undefined : get(layer.located.data)
    if (layer === undefined || value === undefined) return null
    this.#show(path, value, originOf(layer, path))
    return value
  }
}

/** Asks the fields of one named entry over all files. */
interface Getter {
  scalar(field: string): string | null
  flag(field: string): boolean
  list(field: string): readonly string[]
  origin(): Origin
}

function originOf(layer: Layer, path: Path): Origin {
  return { file: layer.file, line: layer.located.place(path).line }
}

/** Conditions as the rest of the program asks them. */
export function whereOf(where: WhereFile | undefined): Where {
  const list = (value: string | readonly string[] | undefined): readonly string[] | null =>
    value === undefined ? null : typeof value === 'string' ? [value] : value
  return {
    packages: list(where?.package),
    version: where?.version ?? null,
    variant: where?.variant ?? null,
    subjects: list(where?.subject),
    files: list(where?.file),
    contexts: list(where?.context),
    world: where?.world ?? null,
    fingerprint: where?.fingerprint ?? null,
  }
}
