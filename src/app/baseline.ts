/** Compares an audit with a baseline file, and makes the file's next text. */
import { readFileSync } from 'node:fs'
import type { Audit } from '../domain/audit.ts'
import type { Context } from '../domain/context.ts'
import { packageId } from '../domain/context.ts'
import type { Fault } from '../domain/fault.ts'
import { errorCode, faultAt, whyUnread } from '../domain/fault.ts'
import type { BaselineEntry, Judgement } from '../policy/baseline.ts'

const LIMIT = 64 * 1024 * 1024

/** An audit whose findings are marked, and what is to be written. */
export interface Baselined {
  readonly audit: Audit
  /** The next text of the file where an update is asked for. */
  readonly text: string | null
}

/**
 * Marks the findings of an audit as known or new.
 *
 * @param update begin or rewrite the file: then everything found is known
 */
export async function applyBaseline(
  audit: Audit,
  file: string,
  update: boolean,
): Promise<Baselined | { readonly failures: readonly Fault[] }> {
  const [rules, content] = [await import('../policy/baseline.ts'), readText(file, update)]
  if (typeof content === 'object' && content !== null) return { failures: [content] }
  const before = content === null ? [] : rules.parseBaseline(content, file)
  if ('faults' in before) return { failures: before.faults }
  const keys = contextKeys(audit)
  const judged = judgementOf(audit, keys)
  const next = update ? rules.updatedBaseline(audit.findings, before, judged, (name) => keys.get(name) ?? name) : before
  const compared = rules.compareBaseline(audit.findings, next, judged)
  const gone = update ? rules.compareBaseline(audit.findings, before, judged).gone : compared.gone
  const expired = compared.findings.filter((finding) => finding.rule === 'SUP001').length
  return {
    audit: {
      ...audit,
      findings: compared.findings,
      baseline: {
        file,
        new: compared.new,
        known: compared.known,
        fixed: update ? 0 : gone.length,
        expired,
        gone: update ? [] : gone.map(entryText),
      },
    },
    text: update ? rules.baselineText(next) : null,
  }
}

function entryText({ package: name, rule, subject }: BaselineEntry): string {
  return [name, rule, subject].filter((part) => part !== null).join(' ')
}

function readText(file: string, update: boolean): string | Fault | null {
  try {
    const bytes = readFileSync(file)
    if (bytes.length > LIMIT) return faultAt('unsupported', file, null, `larger than ${LIMIT} bytes`)
    return bytes.toString('utf8')
  } catch (error) {
    const code = errorCode(error)
    if (code === 'ENOENT' && update) return null
    const advice = code === 'ENOENT' ? '; --update-baseline begins it' : ''
    return faultAt(code === 'ENOENT' ? 'missing' : 'unreadable', file, null, `${whyUnread(error)}${advice}`)
  }
}

function judgementOf(audit: Audit, keys: ReadonlyMap<string, string>): Judgement {
  const worlds = audit.contexts.flatMap((context) => Object.keys(context.worlds))
  return {
    worlds: new Set(worlds.filter((name) => name === 'host' || name === 'base')),
    packages: new Set(audit.contexts.flatMap(({ context }) => context.packages.map((item) => item.name))),
    contexts: new Set(keys.values()),
    incomplete: audit.incomplete.length > 0,
  }
}

/** A context that is named after its packages has another name after each release: versions are left out of the key. */
function contextKeys(audit: Audit): ReadonlyMap<string, string> {
  return new Map(audit.contexts.map(({ context }) => [context.name, contextKey(context)]))
}

function contextKey(context: Context): string {
  let key = context.name
  for (const item of context.packages) {
    if (item.version === '') continue
    key = key.replaceAll(packageId(item), item.name).replaceAll(`${item.name}==${item.version}`, item.name)
  }
  return key
}
