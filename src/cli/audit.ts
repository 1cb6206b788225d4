/** `airtight audit`: what the packages of a context take from where, and what is wrong with it. */
import type { AuditOptions } from '../app/audit-options.ts'
import { audit } from '../app/audit.ts'
import type { Baselined } from '../app/baseline.ts'
import { toDocument } from '../app/document.ts'
import { auditText } from '../report/audit-text.ts'
import { atConfidence, CONFIDENCES } from '../report/confidence.ts'
import type { AuditDocument } from '../report/document.ts'
import { counts } from '../report/document.ts'
import { auditOptions, baselineOptions, contextOptions, failed } from './audit-request.ts'
import { exitCode } from './exit.ts'
import { depthOf, FORMATS, written } from './formats.ts'
import type { Output } from './output.ts'
import { replaceFile } from './output.ts'
import type { Arguments, Command, OptionSpec } from './spec.ts'
import { toolVersion } from './version.ts'

/** Severities that end with exit code 1, by the value of --fail-on. */
export const FAILING: Readonly<Record<string, readonly string[]>> = {
  error: ['error'],
  warn: ['error', 'warn'],
  note: ['error', 'warn', 'note'],
  never: [],
}

/** How an audit is shown; `report` shows a saved one the same way. */
export const showOptions: readonly OptionSpec[] = [
  {
    name: 'format',
    value: 'FORMAT',
    choices: FORMATS,
    help: 'text by default; html is one file that opens from a mail',
  },
  { name: 'all', help: 'every finding, package and row, notes as well' },
  { name: 'faults', help: 'name what could not be read or evaluated' },
  {
    name: 'confidence',
    value: 'LEVEL',
    choices: CONFIDENCES,
    help: 'leave out, and do not count, what is less sure; json keeps all (default: heuristic, that is nothing)',
  },
  { name: 'fail-on', value: 'SEVERITY', choices: Object.keys(FAILING), help: 'exit 1 from this on; error by default' },
]

/** What was seen of running programs. */
const observedOptions: readonly OptionSpec[] = [
  {
    name: 'observed',
    value: 'LOG',
    repeat: true,
    help: 'hold what running programs loaded against the audit: logs as observe takes them (rules OBS)',
  },
  {
    name: 'observed-in',
    value: 'WORLD',
    choices: ['host', 'base'],
    help: 'where they ran; the host by default',
  },
]

export const command: Command = {
  spec: {
    name: 'audit',
    summary: 'what the packages of a context take from where, and what is wrong with it',
    details: [
      'CONTEXT is an .rxt file, the folder of a suite, a bundle or a package, or Rez requests (maya-2024 usd==24.8) and ' +
        '--repo, resolved as rez env would. Each need of each ' +
        'ELF file is resolved as the dynamic loader would: on the host, where the software works today, and in the ' +
        'base, where it must work tomorrow. Nothing is run.',
      'Exits 1 with findings at or above --fail-on, 2 when the question is wrong, 3 when something that could change ' +
        'the verdict could not be read.',
    ],
    argument: {
      name: 'CONTEXT',
      required: true,
      many: true,
      help: 'an .rxt file, a suite, a bundle, a package folder, or Rez requests',
    },
    options: [...contextOptions, ...observedOptions, ...baselineOptions, ...showOptions],
    examples: [
      {
        says: 'a saved context, on this machine and in an unpacked image',
        command: 'airtight audit lighting.rxt --base rocky9/base.yaml',
      },
      {
        says: 'requests, as data, in CI',
        command:
          'airtight audit maya==2024.2 usd==24.08 --repo /studio/rez --host none --base rocky9 --format json -o a.json',
      },
    ],
  },
  run: async (args, output) => {
    const started = performance.now()
    const options = auditOptions(args, args.positionals, output)
    const logs = args.values('observed')
    const result = await audit(logs.length === 0 ? options : await withLogs(options, logs, args))
    if ('failures' in result) throw failed(result, output)
    return conclude(result, started, args, output)
  },
}

/** The logs are read by a part that an audit without them does not load. */
async function withLogs(options: AuditOptions, logs: readonly string[], args: Arguments): Promise<AuditOptions> {
  const { observationOfLogs, worldNamed } = await import('./observation.ts')
  return {
    ...options,
    observed: { observation: observationOfLogs(logs), world: worldNamed(args.value('observed-in')) },
  }
}

/** Shows what was found, writes the baseline where that is asked for, and gives the exit code. */
export async function conclude(found: Baselined, started: number, args: Arguments, output: Output): Promise<number> {
  const [chosen, notes] = parted(found.audit.notes, (note) => note.startsWith('host: '))
  for (const note of chosen) output.say(note)
  const document: AuditDocument = {
    ...toDocument({ ...found.audit, notes }, depthOf(args.value('format'))),
    tool: `airtight ${toolVersion()}`,
  }
  await show(document, args, output)
  const { baseline } = document.summary
  if (found.text !== null && baseline !== undefined) {
    replaceFile(baseline.file, found.text)
    output.say(`baseline: ${baseline.file} now holds what was found`)
  }
  output.talk(`done in ${((performance.now() - started) / 1000).toFixed(2)} s`)
  return auditExit(document, args)
}

/** The document as --confidence wants it seen. */
function gated(document: AuditDocument, args: Arguments): AuditDocument {
  const least = CONFIDENCES.find((confidence) => confidence === args.value('confidence'))
  return least === undefined ? document : atConfidence(document, least)
}

/** The host that was chosen for want of another is said on stderr; the report names it in its head. */
function parted(notes: readonly string[], test: (note: string) => boolean): readonly [string[], string[]] {
  return [notes.filter(test), notes.filter((note) => !test(note))]
}

/** Writes a document as the arguments say. */
export async function show(whole: AuditDocument, args: Arguments, output: Output): Promise<void> {
  const format = args.value('format') ?? 'text'
  // A saved audit can be seen through another gate later.
  const document = format === 'json' ? whole : gated(whole, args)
  if (format !== 'text') {
    output.result(await written(document, format))
    return
  }
  const style = await output.style()
  output.result(auditText(document, { style, width: output.width, all: args.flag('all'), faults: args.flag('faults') }))
}

/** The exit code that a document deserves. */
export function auditExit(whole: AuditDocument, args: Arguments): number {
  const failing = FAILING[args.value('fail-on') ?? 'error'] ?? []
  const document = gated(whole, args)
  return exitCode({
    unread: document.summary.incomplete.length > 0,
    outOfDate: (document.summary.baseline?.fixed ?? 0) > 0,
    findings: document.findings.some((finding) => counts(finding) && failing.includes(finding.severity)),
  })
}
