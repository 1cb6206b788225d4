/** Reads one policy file into a layer: every fault has its line and column, and names what was meant. */
import { closest } from '../domain/closest.ts'
import type { Fault } from '../domain/fault.ts'
import { isParseError } from '../rez/version/parse-error.ts'
import { parseRange } from '../rez/version/range.ts'
import type { PolicyFile, SettingsFile, WhereFile } from './schema.ts'
import { policyFile } from './schema.ts'
import type { Located } from './yaml.ts'
import { faultIn, readYaml } from './yaml.ts'

/** What a policy may name as a rule. */
export interface RuleNames {
  /** The id of a rule by id or name, null for a stranger. */
  id(name: string): string | null
  /** Every id and name. */
  readonly all: readonly string[]
}

/** One policy file, not yet merged with those that it extends. */
export interface Layer {
  /** Path of the file, or `builtin:NAME`. */
  readonly file: string
  readonly located: Located<PolicyFile>
}

/**
 * Parses the text of a policy file.
 *
 * @param file its path, for messages and origins
 */
export function readLayer(text: string, file: string, rules: RuleNames): Layer | readonly Fault[] {
  const located = readYaml(text, file, policyFile)
  if (!('data' in located)) return located
  const layer = { file, located }
  const faults = [...strangeRules(layer, rules), ...badConditions(layer)]
  return faults.length > 0 ? faults : layer
}

type Path = readonly (string | number)[]

/** Names that are no rules, wherever a policy names some. */
function strangeRules({ file, located }: Layer, rules: RuleNames): readonly Fault[] {
  const { data } = located
  const named: (readonly [string, Path])[] = [
    ...Object.keys(data.rules ?? {}).map((name) => [name, ['rules', name]] as const),
    ...Object.keys(data.remedies ?? {}).map((name) => [name, ['remedies', name]] as const),
    ...Object.entries(data.packages ?? {}).flatMap(([item, settings]) =>
      Object.keys(settings.rules ?? {}).map((name) => [name, ['packages', item, 'rules', name]] as const),
    ),
    ...(data.suppress ?? []).map((entry, at) => [entry.rule, ['suppress', at, 'rule']] as const),
  ]
  return named
    .filter(([name]) => rules.id(name) === null)
    .map(([name, path]) => {
      const near = closest(name, rules.all)
      const advice = near === null ? 'airtight rules lists them' : `did you mean '${near}'?`
      return faultIn(file, located.place(path), `no rule is called '${name}'; ${advice}`)
    })
}

/** Conditions that can never be met or that say nothing. */
function badConditions({ file, located }: Layer): readonly Fault[] {
  const { data } = located
  const faults: Fault[] = []
  const check = (where: WhereFile | undefined, path: Path): void => {
    if (where?.version === undefined) return
    const range = parseRange(where.version)
    if (isParseError(range)) faults.push(faultIn(file, located.place([...path, 'version']), range.error))
  }
  const checkSettings = (settings: SettingsFile, path: Path): void => {
    if (typeof settings === 'string') return
    if (!Array.isArray(settings)) check(settings.when, [...path, 'when'])
    else settings.forEach((one, at) => check(one.when, [...path, at, 'when']))
  }
  for (const [name, set] of Object.entries(data.rules ?? {})) checkSettings(set, ['rules', name])
  for (const [item, settings] of Object.entries(data.packages ?? {})) {
    for (const [name, set] of Object.entries(settings.rules ?? {})) {
      checkSettings(set, ['packages', item, 'rules', name])
    }
  }
  for (const [at, { where, rule }] of (data.suppress ?? []).entries()) {
    check(where, ['suppress', at, 'where'])
    if (Object.keys(where).length === 0) {
      const message = `where says nothing; to switch ${rule} off altogether write it under rules`
      faults.push(faultIn(file, located.place(['suppress', at, 'where']), message))
    }
  }
  return faults
}
