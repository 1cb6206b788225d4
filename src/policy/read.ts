/** Reads airtight.yaml: every unknown key is a fault with its line, and a suggestion where one is near. */
import { isMap, isScalar, LineCounter, parseDocument } from 'yaml'
import type { Document } from 'yaml'
import { z } from 'zod'
import type { Severity } from '../domain/audit.ts'
import type { Fault } from '../domain/fault.ts'
import { faultAtLine } from '../domain/fault.ts'
import type { Policy } from './policy.ts'
import { DEFAULT_PRIVATE_DIRS } from './policy.ts'
import { closest } from '../domain/closest.ts'

export const POLICY_SCHEMA = 'airtight/policy/v1'

const text = z.string().min(1)
const texts = z.array(text)
const severity = z.enum(['error', 'warn', 'note', 'off'])

const policyFile = z.strictObject({
  schema: z.literal(POLICY_SCHEMA),
  host: text.optional(),
  base: text.optional(),
  repos: texts.optional(),
  private_dirs: texts.optional(),
  ignore_paths: texts.optional(),
  plugins: z.record(text, z.strictObject({ match: texts.min(1), host: text })).optional(),
  rules: z.record(text, z.union([severity, z.strictObject({ severity })])).optional(),
  packages: z.record(text, z.strictObject({ payload: texts.optional() })).optional(),
})

/** The schema of airtight.yaml, for generated documentation. */
export const policyFileSchema: z.ZodType = policyFile

/** Keys that a later version reads: silence about them would be a lie. */
const LATER = new Set([
  'extends',
  'baseline',
  'allow',
  'drivers',
  'singletons',
  'remedies',
  'suppress',
  'require',
  'repair',
  'runtime',
])

/** Keys below a path, for suggestions. */
function knownKeys(path: readonly string[]): readonly string[] {
  if (path.length === 0) return Object.keys(policyFile.shape)
  if (path[0] === 'plugins') return ['match', 'host']
  if (path[0] === 'rules') return ['severity']
  return path[0] === 'packages' ? ['payload'] : []
}

/**
 * Parses the text of airtight.yaml.
 *
 * @param file its path, for messages
 * @param isRule whether an id or name is one of a rule
 */
export function parsePolicy(text: string, file: string, isRule: (name: string) => boolean): Policy | readonly Fault[] {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const source: Source = { document, lines, file }
  const broken = document.errors.map((error) =>
    faultAtLine('malformed', file, lines.linePos(error.pos[0]).line, firstLine(error.message)),
  )
  if (broken.length > 0) return broken
  const plain = toPlain(source)
  if (!('data' in plain)) return plain
  const result = policyFile.safeParse(plain.data)
  if (!result.success) return result.error.issues.flatMap((issue) => issueFaults(issue, source))
  const { data } = result
  const strangers = Object.keys(data.rules ?? {}).filter((name) => !isRule(name))
  if (strangers.length > 0) {
    return strangers.map((name) =>
      faultAtLine(
        'malformed',
        file,
        lineOf(source, ['rules', name]),
        `rules: no rule is called '${name}'; airtight rules lists them`,
      ),
    )
  }
  return {
    file,
    host: data.host ?? null,
    base: data.base ?? null,
    repos: data.repos ?? [],
    privateDirs: [...DEFAULT_PRIVATE_DIRS, ...(data.private_dirs ?? [])],
    ignorePaths: data.ignore_paths ?? [],
    plugins: Object.entries(data.plugins ?? {}).map(([name, plugin]) => ({ name, ...plugin })),
    severities: new Map(
      Object.entries(data.rules ?? {}).map(([name, set]): [string, Severity] => [
        name,
        typeof set === 'string' ? set : set.severity,
      ]),
    ),
    payloads: new Map(Object.entries(data.packages ?? {}).map(([name, item]) => [name, item.payload ?? []])),
  }
}

interface Source {
  readonly document: Document.Parsed
  readonly lines: LineCounter
  readonly file: string
}

function toPlain({ document, file }: Source): { readonly data: unknown } | readonly Fault[] {
  try {
    const data: unknown = document.toJS({ maxAliasCount: 100 })
    if (data !== null && typeof data === 'object' && !Array.isArray(data)) {
      return { data: Object.fromEntries(Object.entries(data).filter(([key]) => !key.startsWith('x-'))) }
    }
    return [faultAtLine('malformed', file, 1, `expected a mapping that begins with schema: ${POLICY_SCHEMA}`)]
  } catch (error) {
    return [faultAtLine('malformed', file, null, error instanceof Error ? firstLine(error.message) : String(error))]
  }
}

function issueFaults(issue: z.core.$ZodIssue, source: Source): readonly Fault[] {
  const path = issue.path.map(String)
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const line = lineOf(source, [...path, key])
      if (path.length === 0 && LATER.has(key)) {
        return faultAtLine('unsupported', source.file, line, `${key}: not supported in this version; remove the key`)
      }
      const near = closest(key, knownKeys(path))
      const advice = near === null ? `known keys: ${knownKeys(path).join(', ')}` : `did you mean '${near}'?`
      return faultAtLine('malformed', source.file, line, `unknown key '${key}'; ${advice}`)
    })
  }
  const where = path.length === 0 ? '' : `${path.join('.')}: `
  return [faultAtLine('malformed', source.file, lineOf(source, path), `${where}${firstLine(issue.message)}`)]
}

/** Line of the deepest key of the path that stands in the document. */
function lineOf({ document, lines }: Source, path: readonly string[]): number {
  let node: unknown = document.contents
  let offset = document.contents?.range[0] ?? 0
  for (const key of path) {
    if (!isMap(node)) break
    const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === key)
    if (pair === undefined) break
    if (isScalar(pair.key)) offset = pair.key.range?.[0] ?? offset
    node = pair.value
  }
  return lines.linePos(offset).line
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? message
}
