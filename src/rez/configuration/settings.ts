/** The settings of Rez that change a resolve or an environment (`rezconfig.py`), checked, and what is not honoured. */
import { DEFAULT_OPTIONS } from '../solver/solve.ts'
import { isParseError } from '../version/parse-error.ts'
import { isPlain } from './plain.ts'
import { readSolveOptions } from '../solver/configuration.ts'
import { SEPARATORS } from '../commands/variables.ts'
import type { Configuration, Unread } from './files.ts'
import type { Parsed } from '../version/parse-error.ts'
import type { Plain } from './plain.ts'
import type { SolveOptions } from '../solver/solve.ts'

/** How one of Rez's names of the machine is rewritten: by the first pattern that is found in it. */
export interface Rewriting {
  readonly pattern: RegExp
  readonly replacement: string
}

export interface RezSettings {
  readonly solve: SolveOptions
  /** Repositories in order, null where the configuration names none. References to variables are not yet replaced. */
  readonly packagesPath: readonly string[] | null
  /** Requests that every resolve has; null for Rez's own. `{system.platform}` and its like are not yet replaced. */
  readonly implicitPackages: readonly string[] | null
  readonly platformMap: { readonly os: readonly Rewriting[]; readonly arch: readonly Rewriting[] }
  readonly allowUnversioned: boolean
  /** Folder with links of short names to hashed variants; null where they are not used. */
  readonly shortlinks: string | null
  /** Folder of the payload cache; null where there is none. */
  readonly cachePath: string | null
  /** Folder of modules for `@include` in packages that are not installed; null where there is none. */
  readonly includePath: string | null
  /** What joins the entries of variables, by name; `:` for the others. */
  readonly separators: ReadonlyMap<string, string>
  /** Variables to which packages add what the caller has; all of them where it is true. */
  readonly parentVariables: ReadonlySet<string> | true
  /** Folders at the end of PATH; null where Rez asks a shell for them. */
  readonly systemPaths: readonly string[] | null
  readonly notes: readonly string[]
}

/** Rez without any configuration. */
export const DEFAULT_SETTINGS: RezSettings = {
  solve: DEFAULT_OPTIONS,
  packagesPath: null,
  implicitPackages: null,
  platformMap: { os: [], arch: [] },
  allowUnversioned: true,
  shortlinks: '_v',
  cachePath: null,
  includePath: null,
  separators: SEPARATORS,
  parentVariables: new Set(),
  systemPaths: null,
  notes: [],
}

/** Settings that are read. */
const HONOURED = new Set([
  ...['package_filter', 'package_orderers', 'variant_select_mode', 'error_on_missing_variant_requires'],
  ...['packages_path', 'implicit_packages', 'platform_map', 'allow_unversioned_packages', 'cache_packages_path'],
  ...['variant_shortlinks_dirname', 'use_variant_shortlinks', 'package_definition_python_path'],
  ...['env_var_separators', 'parent_variables', 'all_parent_variables', 'standard_system_paths'],
])

/** Settings that change a resolve or an environment and are not: with what they would do. */
const IGNORED: Readonly<Record<string, string>> = {
  optionvars: 'optionvars() in commands is not evaluated',
  plugin_path: "plugins of Rez's own are not run",
  resetting_variables: 'variables that one package sets over another are not reset',
  all_resetting_variables: 'variables that one package sets over another are not reset',
  pathed_env_vars: 'path separators of other systems are not translated',
}

/** The settings of a configuration; an error where one has a value that Rez would refuse. */
export function readSettings({ settings, unread }: Configuration): Parsed<RezSettings> {
  const solve = readSolveOptions(settings)
  if (isParseError(solve)) return solve
  const platformMap = readPlatformMap(settings['platform_map'])
  if (isParseError(platformMap)) return platformMap
  const reader = new SettingReader(settings)
  const all = reader.flag('all_parent_variables') ?? false
  const use = reader.flag('use_variant_shortlinks') ?? true
  const separators = new Map([...DEFAULT_SETTINGS.separators, ...reader.mapping('env_var_separators')])
  const read: RezSettings = {
    solve,
    packagesPath: reader.list('packages_path'),
    implicitPackages: reader.list('implicit_packages'),
    platformMap,
    allowUnversioned: reader.flag('allow_unversioned_packages') ?? true,
    shortlinks: use ? (reader.text('variant_shortlinks_dirname') ?? '_v') : null,
    cachePath: reader.text('cache_packages_path'),
    includePath: reader.text('package_definition_python_path'),
    separators,
    parentVariables: all ? true : new Set(reader.list('parent_variables') ?? []),
    systemPaths: emptyAsNull(reader.list('standard_system_paths')),
    notes: [...unread.filter(matters).map(unreadNote), ...ignoredNotes(settings)],
  }
  return reader.wrong === null ? read : { error: reader.wrong }
}

/** Rez takes the empty list for "ask a shell". */
function emptyAsNull(list: readonly string[] | null): readonly string[] | null {
  return list === null || list.length === 0 ? null : list
}

function matters({ name }: Unread): boolean {
  return HONOURED.has(name) || Object.hasOwn(IGNORED, name)
}

function unreadNote({ file, line, name, reason }: Unread): string {
  return `${file}: line ${line}: ${name} of Rez's configuration is not known without running it (${reason}): Rez's default is taken`
}

function ignoredNotes(settings: Plain): readonly string[] {
  return Object.entries(IGNORED).flatMap(([name, effect]) => {
    const value = settings[name]
    const empty = value === undefined || value === null || value === false || Object.keys(value).length === 0
    return empty ? [] : [`${name} of Rez's configuration is ignored: ${effect}`]
  })
}

/** Reads settings of one kind, and remembers the first that is of another. */
class SettingReader {
  wrong: string | null = null
  readonly #settings: Plain

  constructor(settings: Plain) {
    this.#settings = settings
  }

  flag(name: string): boolean | null {
    return this.#read(name, 'true or false', (value) => (typeof value === 'boolean' ? value : null))
  }

  text(name: string): string | null {
    return this.#read(name, 'text', (value) => (typeof value === 'string' ? value : null))
  }

  list(name: string): readonly string[] | null {
    return this.#read(name, 'a list of texts', (value) => {
      if (!Array.isArray(value)) return null
      const texts = value.filter((item: unknown) => typeof item === 'string')
      return texts.length === value.length ? texts : null
    })
  }

  mapping(name: string): readonly (readonly [string, string])[] {
    const read = this.#read(name, 'a mapping of texts', (value) => {
      if (!isPlain(value)) return null
      const texts = Object.entries(value).flatMap(([key, text]) =>
        typeof text === 'string' ? [[key, text] as const] : [],
      )
      return texts.length === Object.keys(value).length ? texts : null
    })
    return read ?? []
  }

  #read<T>(name: string, expected: string, convert: (value: unknown) => T | null): T | null {
    const value = this.#settings[name]
    if (value === undefined || value === null) return null
    const read = convert(value)
    if (read === null) this.wrong ??= `${name} is ${JSON.stringify(value)}; ${expected} was expected`
    return read
  }
}

function readPlatformMap(data: unknown): Parsed<RezSettings['platformMap']> {
  if (data === undefined || data === null) return { os: [], arch: [] }
  if (!isPlain(data)) return { error: 'platform_map is no mapping' }
  const os = readRewritings(data['os'])
  if (isParseError(os)) return os
  const arch = readRewritings(data['arch'])
  return isParseError(arch) ? arch : { os, arch }
}

function readRewritings(data: unknown): Parsed<readonly Rewriting[]> {
  if (data === undefined || data === null) return []
  if (!isPlain(data)) return { error: 'platform_map holds something that is no mapping of patterns' }
  const all: Rewriting[] = []
  for (const [pattern, replacement] of Object.entries(data)) {
    if (typeof replacement !== 'string')
      return { error: `platform_map: ${pattern} is mapped to something that is no text` }
    try {
      // Python writes groups in other ways.
      const source = pattern.replaceAll('(?P<', '(?<').replaceAll('\\Z', '$').replaceAll('\\A', '^')
      const target = replacement.replaceAll('$', '$$$$').replace(/\\(?:g<\w+>|\d)/g, rewrittenGroup)
      all.push({ pattern: new RegExp(source, 'g'), replacement: target })
    } catch (error) {
      return { error: `platform_map: ${pattern} is no pattern: ${(error as Error).message}` }
    }
  }
  return all
}

/** `\1`, `\g<1>` and `\g<name>` as JavaScript writes them. */
function rewrittenGroup(reference: string): string {
  const group = reference.replaceAll(/\\(?:g<)?|>/g, '')
  return /^\d+$/.test(group) ? `$${group}` : `$<${group}>`
}

/** One of Rez's names of the machine as the configuration calls it (`platform_mapped`). */
export function mapped(name: string, rewritings: readonly Rewriting[]): string {
  const first = rewritings.find(({ pattern }) => name.search(pattern) >= 0)
  return first === undefined ? name : name.replace(first.pattern, first.replacement)
}
