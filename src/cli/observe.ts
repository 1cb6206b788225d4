/** `airtight observe`: what running programs really load, held against the audit of a context. */
import type { AuditOptions } from '../app/audit-options.ts'
import { audit, auditBegins } from '../app/audit.ts'
import { isObserved, observationDocument } from '../app/observe.ts'
import type { Audit } from '../domain/audit.ts'
import { faultText } from '../domain/fault.ts'
import type { Observation } from '../domain/observed.ts'
import type { ObservationDocument } from '../report/observation.ts'
import { observationText } from '../report/observation-text.ts'
import { FAILING } from './audit.ts'
import { auditOptions, baselineOptions, contextOptions, failed } from './audit-request.ts'
import { exitCode, EXIT_OWN_FAILURE, UsageError } from './exit.ts'
import { observationOfLogs, worldNamed } from './observation.ts'
import type { Output } from './output.ts'
import { writeWhole } from './output.ts'
import type { Arguments, Command } from './spec.ts'
import { toolVersion } from './version.ts'

export const command: Command = {
  spec: {
    name: 'observe',
    summary: 'what running programs really load, from where and for whom, held against the audit of a context',
    details: [
      'Runs CMD as it is typed, with the trace of glibc’s loader on (LD_DEBUG=files,libs), and tells for each program that ' +
        'it starts which files were loaded, dlopen included. CMD keeps stdin, stdout, stderr, signals and its exit code; ' +
        'the report goes to stderr, or to -o FILE. Static and setuid programs and those of musl leave no trace.',
      'Without CMD: --pid reads the memory maps of a process and of all that it started; --log reads what was written ' +
        'elsewhere: files of LD_DEBUG_OUTPUT or a folder of them, a stderr with LD_DEBUG lines, the text of ' +
        '/proc/PID/maps, or a saved observation.',
      'With --context the findings OBS001 to OBS003 tell what differs from the audit. Exits with the code of CMD (127 ' +
        'where it is not found), 125 for a failure of its own; without CMD as audit does.',
    ],
    argument: { name: 'LOG', required: false, many: true, help: 'further logs beside that of --log' },
    rest: 'CMD [ARGS...]',
    options: [
      { name: 'pid', value: 'PID', help: 'a process that runs, and all that it started' },
      { name: 'log', value: 'LOG', repeat: true, help: 'a log or a folder of logs, - for stdin' },
      {
        name: 'context',
        value: 'C',
        repeat: true,
        help: 'hold it against this: an .rxt file, a suite, a bundle, a package folder, or a Rez request',
      },
      {
        name: 'world',
        value: 'WORLD',
        choices: ['host', 'base'],
        help: 'where it ran: the host by default, the base for a log taken in the image',
      },
      ...contextOptions,
      ...baselineOptions,
      { name: 'format', value: 'FORMAT', choices: ['text', 'json'], help: 'text by default' },
      { name: 'all', help: 'who asked for each file, every name asked for in vain' },
      {
        name: 'fail-on',
        value: 'SEVERITY',
        choices: Object.keys(FAILING),
        help: 'without CMD: exit 1 from this on; error by default',
      },
    ],
    examples: [
      {
        says: 'what a tool of a context loads, and what of that the audit does not say',
        command: 'airtight observe --context lighting.rxt -- oiiotool --info frame.exr',
      },
      {
        says: 'a log taken in the image',
        command: 'airtight observe --log trace/ --context lighting.rxt --base rocky9/base.yaml --world base',
      },
    ],
  },
  failure: (argv) => (argv.includes('--') ? EXIT_OWN_FAILURE : null),
  run: (args, output) => {
    const [program, ...rest] = args.rest ?? []
    const modes = [args.rest !== null, args.value('pid') !== null, args.values('log').length > 0]
    if (modes.filter(Boolean).length > 1) {
      throw new UsageError('a command, --pid and --log are three questions', 'ask one of them')
    }
    if (program !== undefined) return observeCommand([program, ...rest], args, output)
    const [extra] = args.positionals
    if (args.rest !== null) throw new UsageError('no command stands behind --', 'airtight observe -- CMD [ARGS...]')
    if (extra !== undefined && args.values('log').length === 0) {
      throw new UsageError(`'${extra}' is no option`, 'a command stands behind --, a log behind --log')
    }
    return observeWithout(args, output)
  },
}

async function observeCommand(words: readonly [string, ...string[]], args: Arguments, output: Output): Promise<number> {
  const options = optionsOf(args, output)
  // A context that cannot be audited is told before the program runs, not after an hour of it.
  const failure = options === null ? null : await auditBegins(withObserved(options, args, EMPTY))
  if (failure !== null) throw failed(failure, output)
  const { observeRun } = await import('../app/observe-run.ts')
  const { ended, observation } = await observeRun(words)
  if (ended.failure !== null) {
    output.error(ended.failure)
    return ended.code
  }
  const found = await judged(observation, options, args, output)
  const text = await written(found.document({ command: words, exit: ended.code }), args, output)
  // stdout belongs to the command.
  if (args.value('output') === null) writeWhole(2, text)
  else output.result(text)
  return ended.code
}

async function observeWithout(args: Arguments, output: Output): Promise<number> {
  const observation = await observed(args)
  const found = await judged(observation, optionsOf(args, output), args, output)
  output.result(await written(found.document({}), args, output))
  const failing = FAILING[args.value('fail-on') ?? 'error'] ?? []
  const findings = (found.audit?.findings ?? []).filter(isObserved)
  return exitCode({
    unread: observation.faults.length > 0 || (found.audit?.incomplete.length ?? 0) > 0,
    findings: findings.some(
      (finding) =>
        finding.suppressed === undefined && finding.baseline !== 'known' && failing.includes(finding.severity),
    ),
  })
}

async function observed(args: Arguments): Promise<Observation> {
  const pid = args.value('pid')
  if (pid === null) {
    const logs = [...args.values('log'), ...args.positionals]
    if (logs.length === 0) throw new UsageError('nothing is to be observed', 'airtight observe -- CMD, --pid or --log')
    return observationOfLogs(logs)
  }
  if (!/^[1-9]\d{0,9}$/.test(pid)) throw new UsageError(`--pid is '${pid}'`, 'the number of a process was expected')
  const { observePid } = await import('../app/observe-pid.ts')
  const read = observePid(Number(pid))
  if ('message' in read) throw new UsageError(faultText(read))
  return read
}

const EMPTY: Observation = { processes: [], faults: [], notes: [] }

/** Null where no context is named. */
function optionsOf(args: Arguments, output: Output): AuditOptions | null {
  const contexts = args.values('context')
  return contexts.length === 0 ? null : auditOptions(args, contexts, output)
}

function withObserved(options: AuditOptions, args: Arguments, observation: Observation): AuditOptions {
  return { ...options, observed: { observation, world: worldNamed(args.value('world')) } }
}

interface Judged {
  readonly audit: Audit | null
  document(run: { readonly command?: readonly string[]; readonly exit?: number }): ObservationDocument
}

async function judged(
  observation: Observation,
  options: AuditOptions | null,
  args: Arguments,
  output: Output,
): Promise<Judged> {
  const result = options === null ? null : await audit(withObserved(options, args, observation))
  if (result !== null && 'failures' in result) throw failed(result, output)
  const found = result?.audit ?? null
  for (const note of found?.notes.filter((text) => text.startsWith('host: ')) ?? []) output.say(note)
  const tool = `airtight ${toolVersion()}`
  return {
    audit: found,
    document: ({ command: words, exit }) =>
      observationDocument(observation, { tool, command: words ?? null, exit: exit ?? null, audit: found }),
  }
}

async function written(document: ObservationDocument, args: Arguments, output: Output): Promise<string> {
  if (args.value('format') === 'json') return `${JSON.stringify(document, null, 2)}\n`
  return observationText(document, { style: await output.style(), width: output.width, all: args.flag('all') })
}
