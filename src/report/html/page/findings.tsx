/** All findings: searched, filtered, opened one by one. */
import type { JSX } from 'preact'
import { useEffect, useMemo, useState } from 'preact/hooks'
import type { SuppressedBy } from '../../../domain/audit.ts'
import type { PageFinding } from '../model.ts'
import { model } from './audit.ts'
import type { Route } from './route.ts'
import { address, refine } from './route.ts'
import { Code, count, More, PackageLink, SeverityMark } from './words.tsx'

/** Rows drawn at first, and with each request for more. */
const STEP = 100
const SEVERITIES = ['error', 'warn', 'note'] as const
const WORLDS = ['host', 'base', 'both'] as const
const STATES = ['open', 'known', 'suppressed'] as const
/** Whether some findings do not count: only then a reader has to tell them apart. */
const hasStates = model.findings.some((finding) => finding.state !== 'open')

/** What is searched, in lower case, once for all findings. */
const haystacks: readonly string[] = model.findings.map((finding) =>
  [finding.rule, finding.name, finding.package ?? '', finding.subject, finding.message, ...finding.objects]
    .join('\n')
    .toLowerCase(),
)

/** The findings that a route's query lets through, as indices. */
function matching(query: ReadonlyMap<string, string>): readonly number[] {
  const words = (query.get('q') ?? '').toLowerCase().split(/\s+/).filter(Boolean)
  const wanted = (key: string, value: string | null): boolean => {
    const filter = query.get(key) ?? ''
    return filter === '' || filter === value
  }
  return model.findings.flatMap((finding, index) => {
    const fits =
      wanted('severity', finding.severity) &&
      wanted('rule', finding.rule) &&
      wanted('world', finding.world) &&
      wanted('state', finding.state) &&
      wanted('package', finding.package) &&
      (!query.has('context') || finding.contexts.includes(query.get('context') ?? '')) &&
      words.every((word) => haystacks[index]?.includes(word) === true)
    return fits ? [index] : []
  })
}

export function Findings({ route }: { readonly route: Route }): JSX.Element {
  const found = useMemo(() => matching(route.query), [route.query])
  const [limit, setLimit] = useState(STEP)
  useEffect(() => setLimit(STEP), [route.query])
  const open = route.id === null ? -1 : Number(route.id)
  // A link to one finding shows it, wherever it stands in the list.
  const shown = found.slice(0, limit)
  const listed = open >= 0 && !shown.includes(open) && model.findings[open] !== undefined ? [open, ...shown] : shown
  return (
    <>
      <h1>Findings</h1>
      <Filters route={route} />
      <p class="faint" role="status">
        {found.length === model.findings.length
          ? count(found.length, 'finding')
          : `${found.length.toLocaleString('en-US')} of ${count(model.findings.length, 'finding')}`}
      </p>
      <ul class="findings">
        {listed.map((index) => (
          <Finding key={index} index={index} open={index === open} />
        ))}
      </ul>
      <More left={found.length - shown.length} show={() => setLimit(limit + STEP * 5)} />
    </>
  )
}

function Filters({ route }: { readonly route: Route }): JSX.Element {
  const rules = Object.keys(model.summary.rules)
  const packages = useMemo(() => [...new Set(model.findings.flatMap((finding) => finding.package ?? []))].sort(), [])
  return (
    <form class="filters" role="search" onSubmit={(event) => event.preventDefault()}>
      <input
        type="search"
        id="search"
        placeholder="Search findings   /"
        aria-label="Search findings"
        value={route.query.get('q') ?? ''}
        onInput={(event) => refine(route, { q: event.currentTarget.value })}
      />
      <Choice route={route} name="severity" values={SEVERITIES} />
      <Choice route={route} name="rule" values={rules} />
      <Choice route={route} name="package" values={packages} />
      <Choice route={route} name="world" values={WORLDS} />
      {hasStates && <Choice route={route} name="state" values={STATES} />}
      {model.contexts.length > 1 && (
        <Choice route={route} name="context" values={model.contexts.map((context) => context.name)} />
      )}
    </form>
  )
}

interface ChoiceProps {
  readonly route: Route
  readonly name: string
  readonly values: readonly string[]
}

function Choice({ route, name, values }: ChoiceProps): JSX.Element {
  return (
    <label>
      <span class="faint">{name}</span>
      <select
        name={name}
        value={route.query.get(name) ?? ''}
        onChange={(event) => refine(route, { [name]: event.currentTarget.value })}
      >
        <option value="">all</option>
        {values.map((value) => (
          <option key={value} value={value}>
            {value}
          </option>
        ))}
      </select>
    </label>
  )
}

/** One finding; what it consists of is drawn when it is opened. */
export function Finding({ index, open }: { readonly index: number; readonly open: boolean }): JSX.Element | null {
  const [opened, setOpened] = useState(open)
  useEffect(() => {
    if (!open) return
    setOpened(true)
    document.getElementById(`finding-${index}`)?.scrollIntoView({ block: 'center' })
  }, [open, index])
  const finding = model.findings[index]
  if (finding === undefined) return null
  return (
    <li id={`finding-${index}`} class={finding.state === 'open' ? '' : 'closed'}>
      <details open={opened} onToggle={(event) => setOpened(event.currentTarget.open)}>
        <summary>
          <SeverityMark severity={finding.severity} />
          <span class="rule">{finding.rule}</span>
          <span class="subject">{finding.subject}</span>
          {finding.state !== 'open' && <span class="state">{finding.state}</span>}
          <span class="right">{finding.package ?? finding.contexts.join(', ')}</span>
        </summary>
        {opened && <FindingBody finding={finding} index={index} />}
      </details>
    </li>
  )
}

function FindingBody({ finding, index }: { readonly finding: PageFinding; readonly index: number }): JSX.Element {
  const repairs = finding.repairs.flatMap((repair) => model.repairs[repair] ?? [])
  return (
    <div class="body">
      <p>{finding.message}</p>
      {finding.suppressed !== undefined && <Accepted by={finding.suppressed} />}
      {repairs.map((repair, place) => (
        <p class="fix" key={place}>
          {repair.text}
        </p>
      ))}
      <dl>
        <dt>rule</dt>
        <dd>
          {finding.rule} {finding.name}
        </dd>
        <dt>world</dt>
        <dd>{finding.world}</dd>
        <dt>confidence</dt>
        <dd>{finding.confidence}</dd>
        {finding.owner !== null && <dt>package</dt>}
        {finding.owner !== null && (
          <dd>
            <PackageLink index={finding.owner} />
          </dd>
        )}
        <dt>objects</dt>
        <dd>
          <Witnesses objects={finding.objects} />
        </dd>
        {finding.evidence.map(([key, value]) => (
          <>
            <dt>{key.replaceAll('_', ' ')}</dt>
            <dd>
              <Code text={value} />
            </dd>
          </>
        ))}
        <dt>fingerprint</dt>
        <dd>
          <Code text={finding.fingerprint} />
        </dd>
      </dl>
      <Trail finding={finding} />
      <p class="faint">
        <a href={address('findings', index)}>Link to this finding</a>
      </p>
    </div>
  )
}

/** Who accepted a finding, and why. */
function Accepted({ by }: { readonly by: SuppressedBy }): JSX.Element {
  const who = [by.owner, by.ticket, by.expires === null ? null : `until ${by.expires}`].filter((part) => part !== null)
  return (
    <p class="faint">
      Suppressed: {by.reason ?? 'no reason given'}
      {who.length === 0 ? '' : ` (${who.join(', ')})`}
    </p>
  )
}

const WITNESSES = 12

function Witnesses({ objects }: { readonly objects: readonly string[] }): JSX.Element {
  const [all, setAll] = useState(false)
  const shown = all ? objects : objects.slice(0, WITNESSES)
  if (objects.length === 0) return <span class="faint">none</span>
  return (
    <>
      <ul class="plain">
        {shown.map((object) => (
          <li key={object}>
            <Code text={object} />
          </li>
        ))}
      </ul>
      <More left={objects.length - shown.length} show={() => setAll(true)} />
    </>
  )
}

function Trail({ finding }: { readonly finding: PageFinding }): JSX.Element | null {
  if (finding.trail.length === 0) return null
  return (
    <details class="trail">
      <summary>{count(finding.trail.length, 'candidate')} in the order the loader tried them</summary>
      <ol>
        {finding.trail.map((candidate, place) => (
          <li key={place} class={candidate.verdict === 'won' ? 'won' : ''}>
            <span class="faint">{candidate.stage}</span> <Code text={candidate.path} />{' '}
            <span class={candidate.verdict === 'won' ? '' : 'faint'}>
              {candidate.verdict}
              {candidate.reason === null ? '' : `: ${candidate.reason}`}
            </span>
          </li>
        ))}
      </ol>
    </details>
  )
}
