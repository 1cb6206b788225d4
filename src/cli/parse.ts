/** Reads the arguments of one command from its table; what does not fit is explained by the slower way through commander. */
import { parseArgs } from 'node:util'
import { closest } from '../domain/closest.ts'
import { UsageError } from './exit.ts'
import type { Arguments, CommandSpec, OptionSpec } from './spec.ts'
import { commonOptions } from './spec.ts'

/** Values that name a place: none of them may be empty, for the empty path is the working folder. */
const PLACES = ['DIR', 'FILE', 'IMAGE', 'LIST', 'LOG', 'NAME=SOURCE', 'PROGRAM', 'ROOT', 'SOURCE', 'SRC', 'SYSTEM']

type Given = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>

interface Parsed {
  readonly positionals: readonly string[]
  readonly given: Given
}

/**
 * The arguments as the table understands them.
 *
 * @returns null where help is asked for
 * @throws UsageError for what the table does not know
 */
export async function parseArguments(spec: CommandSpec, argv: readonly string[]): Promise<Arguments | null> {
  const options = [...spec.options, ...commonOptions]
  const { own, rest } = parted(spec, argv)
  const parsed = lean(options, own)
  if (parsed === null) {
    const { explainUsage } = await import('./usage.ts')
    throw explainUsage(spec, own)
  }
  if (parsed.given['help'] === true) return null
  checkArguments(spec, parsed.positionals)
  checkChoices(options, parsed.given)
  checkEmpty(spec, options, parsed)
  return new GivenArguments(parsed.positionals, parsed.given, rest)
}

/** What stands behind the first `--` of a command that hands it on. */
function parted(
  spec: CommandSpec,
  argv: readonly string[],
): { readonly own: readonly string[]; readonly rest: readonly string[] | null } {
  const at = spec.rest === undefined ? -1 : argv.indexOf('--')
  return at < 0 ? { own: argv, rest: null } : { own: argv.slice(0, at), rest: argv.slice(at + 1) }
}

function lean(options: readonly OptionSpec[], argv: readonly string[]): Parsed | null {
  const table = Object.fromEntries(
    options.map((option) => [
      option.name,
      {
        type: option.value === undefined ? ('boolean' as const) : ('string' as const),
        multiple: option.repeat ?? false,
        ...(option.short === undefined ? {} : { short: option.short }),
      },
    ]),
  )
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options: table, allowPositionals: true, strict: true })
    return { positionals, given: values }
  } catch {
    return null
  }
}

function checkArguments(spec: CommandSpec, positionals: readonly string[]): void {
  const hint = `airtight ${spec.name} --help explains it`
  const argument = spec.argument
  if (!argument?.many) {
    const extra = positionals[argument === null ? 0 : 1]
    if (extra !== undefined) throw new UsageError(`unexpected argument '${extra}'`, hint)
  }
  if (argument?.required === true && positionals.length === 0) throw new UsageError(`${argument.name} is missing`, hint)
}

function checkChoices(options: readonly OptionSpec[], given: Given): void {
  for (const option of options) {
    const value = given[option.name]
    if (option.choices === undefined || typeof value !== 'string' || option.choices.includes(value)) continue
    const near = closest(value, option.choices)
    const advice = near === null ? '' : `did you mean ${near}? `
    throw new UsageError(`--${option.name} is '${value}'`, `${advice}use one of ${option.choices.join(', ')}`)
  }
}

/** A variable of a shell that is not set: taken as it stands, it would mean the working folder. */
function checkEmpty(spec: CommandSpec, options: readonly OptionSpec[], parsed: Parsed): void {
  const hint = 'is a variable of the shell not set?'
  if (parsed.positionals.includes('')) throw new UsageError(`${spec.argument?.name ?? 'an argument'} is empty`, hint)
  for (const { name, value } of options) {
    const given = [parsed.given[name]].flat()
    if (PLACES.includes(value ?? '') && given.includes('')) throw new UsageError(`--${name} is empty`, hint)
  }
}

class GivenArguments implements Arguments {
  readonly positionals: readonly string[]
  readonly rest: readonly string[] | null
  readonly #given: Given

  constructor(positionals: readonly string[], given: Given, rest: readonly string[] | null) {
    this.positionals = positionals
    this.rest = rest
    this.#given = given
  }

  value(name: string): string | null {
    const value = this.#given[name]
    return typeof value === 'string' ? value : null
  }

  values(name: string): readonly string[] {
    const value = this.#given[name]
    return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
  }

  flag(name: string): boolean {
    return this.#given[name] === true
  }
}
