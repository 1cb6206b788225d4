/** The first screen: can it ship, the numbers, and what to do first. */
import type { JSX } from 'preact'
import type { DocumentSystem } from '../../document.ts'
import type { Source } from '../../package-rows.ts'
import { SOURCES } from '../../package-rows.ts'
import type { PageCause } from '../model.ts'
import { model } from './audit.ts'
import { address } from './route.ts'
import { Amount, count, Heads, PackageLink, SeverityMark, SOURCE_WORDS } from './words.tsx'

const FIRST = 10

export function Overview(): JSX.Element {
  return (
    <>
      <Verdict />
      <Systems />
      <Numbers />
      <Causes />
      <Rules />
      <Packages />
      <Remarks />
    </>
  )
}

function Verdict(): JSX.Element {
  const { error, warn, note } = model.summary.findings
  const incomplete = model.summary.incomplete.length > 0
  const unjudged = model.base === null || model.host === null
  const text =
    error > 0
      ? 'Not airtight'
      : incomplete
        ? 'Not everything could be read'
        : unjudged
          ? 'No error in what was judged'
          : 'Airtight'
  const parts = [
    error > 0 ? count(error, 'error') : '',
    warn > 0 ? count(warn, 'warning') : '',
    note > 0 ? count(note, 'note') : '',
  ].filter((part) => part !== '')
  return (
    <section class={`verdict ${error > 0 || incomplete ? 'bad' : 'good'}`}>
      <h1>{text}</h1>
      <p>
        {parts.length > 0 ? parts.join(', ') : 'Nothing is missing, nothing comes from elsewhere'} in{' '}
        {count(model.summary.packages, 'package')} with {count(model.summary.objects, 'object')}.
      </p>
    </section>
  )
}

function Systems(): JSX.Element {
  return (
    <dl class="systems">
      <dt>{model.contexts.length === 1 ? 'context' : 'contexts'}</dt>
      <dd>{model.contexts.map((context) => context.name).join(', ')}</dd>
      <dt>host</dt>
      <dd>{systemText(model.host)}</dd>
      <dt>base</dt>
      <dd>{systemText(model.base)}</dd>
    </dl>
  )
}

function systemText(system: DocumentSystem | null): string {
  if (system === null) return 'none: not judged'
  const facts = [system.os, system.libc, system.declared ? 'declared' : null].filter((fact) => fact !== null)
  return `${system.label}${facts.length === 0 ? '' : ` (${facts.join(', ')})`}`
}

/** Where the libraries come from, as one bar, and what that comes to. */
function Numbers(): JSX.Element | null {
  const totals = SOURCES.map((source) => ({
    source,
    amount: model.packages.reduce((sum, item) => sum + item.amounts[source], 0),
  })).filter(({ amount }) => amount > 0)
  const all = totals.reduce((sum, { amount }) => sum + amount, 0)
  const quiet = model.packages.filter((item) => item.errors === 0 && item.warnings === 0).length
  if (all === 0) return null
  return (
    <section class="numbers">
      <div class="bar" aria-hidden="true">
        {totals.map(({ source, amount }) => (
          <span key={source} class={`part ${source}`} style={`flex-grow: ${amount}`} />
        ))}
      </div>
      <ul class="inline">
        {totals.map(({ source, amount }) => (
          <li key={source}>
            <span class={`part ${source}`} aria-hidden="true" /> <b>{amount.toLocaleString('en-US')}</b>{' '}
            {SOURCE_TALK[source]}
          </li>
        ))}
        <li class="right">
          <b>{quiet}</b> of {count(model.packages.length, 'package')} without findings
        </li>
      </ul>
    </section>
  )
}

const SOURCE_TALK: Record<Source, string> = {
  own: 'from the package itself',
  packages: 'from other packages',
  base: 'from the base',
  driver: 'from the driver',
  host: 'from the host',
  missing: 'found nowhere',
}

function Causes(): JSX.Element | null {
  const causes = model.causes.filter((cause) => cause.severity !== 'note').slice(0, FIRST)
  if (causes.length === 0) return null
  const left = model.causes.length - causes.length
  return (
    <section>
      <h2>Worth fixing first</h2>
      <ol class="causes">
        {causes.map((cause, index) => (
          <Cause key={index} cause={cause} />
        ))}
      </ol>
      {left > 0 && (
        <p>
          <a href={address('findings')}>{count(left, 'cause')} more in all findings</a>
        </p>
      )}
    </section>
  )
}

function Cause({ cause }: { readonly cause: PageCause }): JSX.Element {
  const first = model.findings[cause.findings[0] ?? -1]
  return (
    <li class={cause.severity}>
      <div class="head">
        <SeverityMark severity={cause.severity} />
        <a class="subject" href={address('findings', cause.findings[0] ?? null)}>
          {cause.title}
        </a>
        <span class="faint">
          {first?.rule} {first?.name}
        </span>
        <span class="right">
          {cause.packages === 1 && first?.owner != null ? (
            <PackageLink index={first.owner} />
          ) : (
            `${count(cause.findings.length, 'finding')} in ${count(cause.packages, 'package')}`
          )}
        </span>
      </div>
      <p>{first?.message ?? ''}</p>
      {cause.fix !== null && <p class="fix">{cause.fix}</p>}
    </li>
  )
}

function Rules(): JSX.Element | null {
  const rules = Object.entries(model.summary.rules)
  if (rules.length === 0) return null
  return (
    <section>
      <h2>By rule</h2>
      <table>
        <Heads names={['rule']} numbers={['causes', 'findings']} />
        <tbody>
          {rules.map(([id, rule]) => (
            <tr key={id}>
              <td>
                <a href={address('findings', null, { rule: id })}>
                  {id} {rule.name}
                </a>
              </td>
              <td class="number">{rule.subjects}</td>
              <td class="number">{rule.findings}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** The packages, those with something to say first. */
function Packages(): JSX.Element {
  const sources = SOURCES.filter(
    (source) => source === 'own' || model.packages.some((item) => item.amounts[source] > 0),
  )
  const order = model.packages
    .map((item, index) => ({ item, index }))
    .sort(
      ({ item: a }, { item: b }) =>
        b.errors - a.errors ||
        b.amounts.missing - a.amounts.missing ||
        b.amounts.host - a.amounts.host ||
        b.warnings - a.warnings ||
        (a.id < b.id ? -1 : 1),
    )
  return (
    <section>
      <h2>Packages, and where their libraries come from</h2>
      <table class="packages">
        <Heads
          names={['package']}
          numbers={['objects', ...sources.map((source) => SOURCE_WORDS[source]), 'errors', 'warnings']}
        />
        <tbody>
          {order.map(({ item, index }) => (
            <tr key={index}>
              <td>
                <PackageLink index={index} />
              </td>
              <td class="number">{item.objects}</td>
              {sources.map((source) => (
                <Amount key={source} value={item.amounts[source]} source={source} />
              ))}
              <td class={`number ${item.errors > 0 ? 'missing' : 'faint'}`}>{item.errors > 0 ? item.errors : '·'}</td>
              <td class={`number ${item.warnings > 0 ? 'leak' : 'faint'}`}>
                {item.warnings > 0 ? item.warnings : '·'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** What was not read, not judged and not evaluated: silence about it would be a lie. */
function Remarks(): JSX.Element | null {
  const { incomplete, not_judged: notJudged, notes } = model.summary
  const unevaluated = model.contexts.flatMap((context) => context.unevaluated)
  const lines = [
    ...incomplete.map((text) => `incomplete: ${text}`),
    ...notJudged.map((text) => `not judged: ${text}`),
    ...model.faults.map((fault) => `not read: ${fault.file}: ${fault.message}`),
    ...unevaluated.map((item) => `not evaluated: ${item.file}: line ${item.line}: ${item.reason}`),
    ...new Set([...notes, ...model.contexts.flatMap((context) => context.notes)]),
    ...[model.host, model.base].flatMap((system) => system?.notes ?? []),
  ]
  if (lines.length === 0) return null
  return (
    <section>
      <h2>Remarks</h2>
      <ul class="remarks">
        {lines.map((line, index) => (
          <li key={index}>{line}</li>
        ))}
      </ul>
    </section>
  )
}
