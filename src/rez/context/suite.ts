/** Reads a suite (`suite.yaml` and `contexts/NAME.rxt`): its contexts, and what their tools are called in it (`suite.py`). */
import { posix } from 'node:path'
import { faultAt } from '../../domain/fault.ts'
import { isFault } from '../repository/files.ts'
import { yamlData } from '../source/yaml-data.ts'
import type { Fault } from '../../domain/fault.ts'
import type { PackageFiles } from '../repository/files.ts'

/** One context of a suite. */
export interface SuiteContext {
  readonly name: string
  readonly file: string
  /** Of two contexts with a tool of one name the one with the higher priority has it. */
  readonly priority: number
  readonly prefix: string
  readonly suffix: string
  /** Names in the suite by names in the context, before prefix and suffix. */
  readonly aliases: ReadonlyMap<string, string>
  readonly hidden: ReadonlySet<string>
}

const SUITE_FILE = 'suite.yaml'
const LIMIT = 1 << 20

type Fields = Readonly<Record<string, unknown>>

/** The contexts of the suite in `folder`, sorted by name. */
export async function readSuite(
  folder: string,
  files: PackageFiles,
): Promise<readonly SuiteContext[] | { readonly faults: readonly Fault[] }> {
  const file = `${folder}/${SUITE_FILE}`
  const wrong = (message: string): { readonly faults: readonly Fault[] } => ({
    faults: [faultAt('malformed', file, null, message)],
  })
  const text = await files.text(file, LIMIT)
  if (isFault(text)) return { faults: [text] }
  const read = yamlData(text, file)
  if (isFault(read)) return { faults: [read] }
  const contexts = isFields(read.data) ? read.data['contexts'] : undefined
  if (!isFields(contexts)) return wrong('is no suite of Rez: a mapping with "contexts" was expected')
  const names = Object.keys(contexts).sort()
  const odd = names.find((name) => name === '' || name.includes('/') || name.startsWith('.'))
  if (odd !== undefined) return wrong(`has a context called "${odd}", which names no file`)
  if (names.length === 0) return wrong('has no contexts')
  return names.map((name) => contextOf(folder, name, contexts[name]))
}

function contextOf(folder: string, name: string, value: unknown): SuiteContext {
  const fields = isFields(value) ? value : {}
  const { priority, prefix, suffix } = fields
  const aliases = isFields(fields['tool_aliases']) ? Object.entries(fields['tool_aliases']) : []
  return {
    name,
    file: posix.join(folder, 'contexts', `${name}.rxt`),
    priority: typeof priority === 'number' ? priority : 0,
    prefix: typeof prefix === 'string' ? prefix : '',
    suffix: typeof suffix === 'string' ? suffix : '',
    aliases: new Map(aliases.flatMap(([tool, alias]) => (typeof alias === 'string' ? [[tool, alias]] : []))),
    hidden: new Set(namesIn(fields['hidden_tools'])),
  }
}

/** Python's set in YAML is a mapping from its items to nothing. */
function namesIn(value: unknown): readonly string[] {
  const items: readonly unknown[] =
    value instanceof Set
      ? [...(value as ReadonlySet<unknown>)]
      : Array.isArray(value)
        ? value
        : isFields(value)
          ? Object.keys(value)
          : []
  return items.filter((item) => typeof item === 'string')
}

/** The tools that the requested packages of one context have. */
export interface ContextTools {
  readonly context: SuiteContext
  readonly tools: readonly string[]
}

/** For each context, by name: what its tools are called in the suite, and which of them another context takes. */
export function suiteNotes(all: readonly ContextTools[]): ReadonlyMap<string, readonly string[]> {
  const takers = new Map<string, string>()
  const notes = new Map<string, readonly string[]>()
  for (const { context, tools } of [...all].sort((a, b) => b.context.priority - a.context.priority)) {
    const renamed: string[] = []
    const lost: string[] = []
    for (const tool of new Set(tools)) {
      if (context.hidden.has(tool)) continue
      const alias = context.aliases.get(tool) ?? `${context.prefix}${tool}${context.suffix}`
      const taker = takers.get(alias)
      if (taker === undefined) takers.set(alias, context.name)
      if (taker !== undefined) lost.push(`the suite starts ${alias} in its context ${taker}, not in ${context.name}`)
      else if (alias !== tool) renamed.push(`${tool} as ${alias}`)
    }
    const called =
      renamed.length === 0 ? [] : [`the suite calls tools of ${context.name} otherwise: ${renamed.join(', ')}`]
    notes.set(context.name, [...called, ...lost])
  }
  return notes
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Set)
}
