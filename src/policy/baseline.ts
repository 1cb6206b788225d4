/** The baseline: findings that are known already. They fail nothing, new ones do, and those that are gone are named. */
import { z } from 'zod'
import type { Finding } from '../domain/audit.ts'
import type { Fault } from '../domain/fault.ts'
import { splitId } from './match.ts'
import { readYaml } from './yaml.ts'

export const BASELINE_SCHEMA = 'airtight/baseline/v1'

/** Stands for the package of findings about a whole context; no Rez package can be called so. */
const NO_PACKAGE = '(context)'

const text = z.string()
const world = z.enum(['host', 'base', 'both'])
const entry = z.strictObject({ world, contexts: z.array(text) })
const fingerprint = text.regex(/^[0-9a-f]{64}$/, 'expected a fingerprint of 64 hexadecimal digits')

const baselineFile = z.strictObject({
  schema: z.literal(BASELINE_SCHEMA),
  findings: z
    .record(text, z.record(text, z.record(text, z.record(fingerprint, entry))))
    .describe('package, rule, subject, fingerprint'),
})

/** One finding that is known. */
export interface BaselineEntry {
  readonly fingerprint: string
  /** Name of the package, null for what concerns a whole context. */
  readonly package: string | null
  readonly rule: string
  readonly subject: string
  readonly world: 'host' | 'base' | 'both'
  /** In which contexts it was seen, sorted. */
  readonly contexts: readonly string[]
}

/** What an audit looked at: an entry outside of it is neither found nor gone. */
export interface Judgement {
  readonly worlds: ReadonlySet<'host' | 'base'>
  /** Names of packages. */
  readonly packages: ReadonlySet<string>
  readonly contexts: ReadonlySet<string>
  /** Something could not be read: then nothing counts as gone. */
  readonly incomplete: boolean
}

export interface Comparison {
  /** Each with `baseline` set, but for those that are suppressed or about the policy. */
  readonly findings: readonly Finding[]
  /** Entries that were looked for and not found, in the order of the file. */
  readonly gone: readonly BaselineEntry[]
  readonly known: number
  readonly new: number
}

/** JSON Schema (2020-12) of a baseline file. */
export function baselineJsonSchema(): object {
  const schema = z.toJSONSchema(baselineFile, { io: 'input' })
  return { $id: 'urn:airtight:baseline:v1', title: BASELINE_SCHEMA, ...schema, patternProperties: { '^x-': {} } }
}

/** Reads the text of a baseline file. */
export function parseBaseline(
  content: string,
  file: string,
): readonly BaselineEntry[] | { readonly faults: readonly Fault[] } {
  const located = readYaml(content, file, baselineFile)
  if (!('data' in located)) return { faults: located }
  return Object.entries(located.data.findings).flatMap(([name, rules]) =>
    Object.entries(rules).flatMap(([rule, subjects]) =>
      Object.entries(subjects).flatMap(([subject, prints]) =>
        Object.entries(prints).map(([print, { world: seenIn, contexts }]): BaselineEntry => {
          const item = name === NO_PACKAGE ? null : name
          return { fingerprint: print, package: item, rule, subject, world: seenIn, contexts }
        }),
      ),
    ),
  )
}

/** Marks findings as known or new, and says which entries are gone. */
export function compareBaseline(
  findings: readonly Finding[],
  entries: readonly BaselineEntry[],
  judged: Judgement,
): Comparison {
  const known = new Set(entries.map((item) => item.fingerprint))
  const marked = findings.map((finding): Finding => {
    if (!isDebt(finding)) return finding
    return { ...finding, baseline: known.has(finding.fingerprint) ? 'known' : 'new' }
  })
  const found = new Set(marked.filter(isDebt).map((finding) => finding.fingerprint))
  return {
    findings: marked,
    gone: judged.incomplete ? [] : entries.filter((item) => !found.has(item.fingerprint) && wasJudged(item, judged)),
    known: marked.filter((finding) => finding.baseline === 'known').length,
    new: marked.filter((finding) => finding.baseline === 'new').length,
  }
}

/** The entries after an update: what was found, and what this audit did not look at. Lines that stay, stay as they are. */
export function updatedBaseline(
  findings: readonly Finding[],
  entries: readonly BaselineEntry[],
  judged: Judgement,
  contextKey: (name: string) => string,
): readonly BaselineEntry[] {
  const old = new Map(entries.map((item) => [item.fingerprint, item]))
  const next = new Map<string, BaselineEntry>()
  for (const item of entries) if (judged.incomplete || !wasJudged(item, judged)) next.set(item.fingerprint, item)
  for (const finding of findings.filter(isDebt)) {
    const before = next.get(finding.fingerprint) ?? old.get(finding.fingerprint)
    const seen = new Set([...(before?.contexts ?? []), ...finding.contexts.map(contextKey)])
    next.set(finding.fingerprint, {
      fingerprint: finding.fingerprint,
      package: splitId(finding.package).name,
      rule: before?.rule ?? finding.rule,
      subject: before?.subject ?? finding.subject,
      world: before?.world ?? finding.world,
      contexts: [...seen].sort(),
    })
  }
  return [...next.values()]
}

/** A decision is no debt, and what the policy itself is told about is not to be put off. */
function isDebt(finding: Finding): boolean {
  return finding.suppressed === undefined && !finding.rule.startsWith('SUP') && finding.severity !== 'off'
}

/** Whether the audit looked where the entry was seen. */
function wasJudged(item: BaselineEntry, { worlds, packages, contexts }: Judgement): boolean {
  if (item.package !== null && !packages.has(item.package)) return false
  if (!item.contexts.some((name) => contexts.has(name))) return false
  return item.world === 'both' ? worlds.has('host') && worlds.has('base') : worlds.has(item.world)
}

/** The text of a baseline file: sorted, one line for each finding, so that changes of two people merge. */
export function baselineText(entries: readonly BaselineEntry[]): string {
  const lines = [
    '# Findings that are known: they fail nothing. Written by airtight audit --update-baseline.',
    `schema: ${BASELINE_SCHEMA}`,
  ]
  if (entries.length === 0) return [...lines, 'findings: {}', ''].join('\n')
  lines.push('findings:')
  const key = (item: BaselineEntry): readonly string[] => [item.package ?? NO_PACKAGE, item.rule, item.subject]
  const sorted = entries.toSorted((a, b) => {
    const [left, right] = [
      [...key(a), a.fingerprint],
      [...key(b), b.fingerprint],
    ]
    const at = left.findIndex((part, index) => part !== right[index])
    return at < 0 ? 0 : (left[at] ?? '') < (right[at] ?? '') ? -1 : 1
  })
  let above: readonly string[] = []
  for (const item of sorted) {
    const path = key(item)
    const same = path.findIndex((part, at) => part !== above[at])
    for (let at = same < 0 ? path.length : same; at < path.length; at += 1) {
      lines.push(`${'  '.repeat(at + 1)}${quoted(path[at] ?? '')}:`)
    }
    above = path
    const contexts = item.contexts.map(quoted).join(', ')
    lines.push(`${'  '.repeat(4)}${quoted(item.fingerprint)}: { world: ${item.world}, contexts: [${contexts}] }`)
  }
  return [...lines, ''].join('\n')
}

/** Plain where YAML reads it as the same text. */
function quoted(value: string): string {
  const plain = /^[A-Za-z_][\w./+-]*$/.test(value) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(value)
  return plain ? value : JSON.stringify(value)
}
