/** The options that every command about a context shares, and the audit they ask for. */
import type { AuditOptions, Progress } from '../app/audit-options.ts'
import { faultText } from '../domain/fault.ts'
import type { AuditFailure } from '../app/audit.ts'
import { usageFault, UsageError } from './exit.ts'
import type { Output } from './output.ts'
import type { Arguments, OptionSpec } from './spec.ts'

/** Where packages come from and which systems they are laid over. */
export const contextOptions: readonly OptionSpec[] = [
  { name: 'repo', value: 'DIR', repeat: true, help: 'a Rez repository (default: $REZ_PACKAGES_PATH)' },
  {
    name: 'host',
    value: 'SYSTEM',
    help: 'where the software works today: a folder, image or capture, / by default, or none',
  },
  {
    name: 'base',
    value: 'SYSTEM',
    help: 'where it must work tomorrow: a folder, image, capture or declared base (base.yaml)',
  },
  { name: 'env', value: 'FILE', help: 'the environment that Rez computed: rez context -i -f json --no-env' },
  {
    name: 'rez-config',
    value: 'FILE',
    repeat: true,
    help: 'a rezconfig (yaml, or py, which is read and not run); as $REZ_CONFIG_FILE',
  },
  { name: 'rez', help: 'ask the installed Rez ($AIRTIGHT_REZ, else rez on PATH), which runs the code of packages' },
  { name: 'implicit', value: 'REQUESTS', help: 'implicit packages instead of those of the host, separated by spaces' },
  { name: 'policy', value: 'FILE', help: 'airtight.yaml; none for no policy (default: found from here upwards)' },
  { name: 'repairs', value: 'DIR', help: 'lay the repair files of DIR over the worlds first' },
  { name: 'cpu', value: 'LEVEL', help: "x86-64, x86-64-v2, -v3, -v4 or native (default: the base's)" },
]

/** Which findings are known already. */
export const baselineOptions: readonly OptionSpec[] = [
  { name: 'baseline', value: 'FILE', help: 'findings that are known and fail nothing; none for no baseline' },
  { name: 'update-baseline', help: 'write what is found to the baseline: known from now on, what is gone taken out' },
]

/** What the arguments ask for. `contexts` is given apart, for not every command takes it as arguments. */
export function auditOptions(args: Arguments, contexts: readonly string[], output: Output): AuditOptions {
  const policy = args.value('policy')
  const baseline = args.value('baseline')
  const started = performance.now()
  const path = process.env['REZ_PACKAGES_PATH'] ?? ''
  return {
    contexts,
    repos: args.values('repo'),
    host: args.value('host'),
    base: args.value('base'),
    env: args.value('env'),
    // A list of paths, as the variable of Rez that would name them.
    rezConfig: args
      .values('rez-config')
      .flatMap((list) => list.split(':'))
      .filter((file) => file !== ''),
    rez: args.flag('rez'),
    variables: process.env,
    implicit:
      args
        .value('implicit')
        ?.split(' ')
        .filter((request) => request !== '') ?? null,
    policy: policy === 'none' ? false : policy,
    cpu: args.value('cpu'),
    baseline: baseline === 'none' ? false : baseline,
    updateBaseline: args.flag('update-baseline'),
    repairs: args.value('repairs'),
    folder: process.cwd(),
    packagesPath: path.split(':').filter((folder) => folder !== ''),
    ci: (process.env['CI'] ?? '') !== '' && process.env['CI'] !== 'false',
    purpose: 'audit',
    today: today(),
    progress: (step) => output.progress(() => progressText(step, (performance.now() - started) / 1000)),
  }
}

/** Suppressions end: SOURCE_DATE_EPOCH stands for the clock where a run is to be repeated. */
function today(): string {
  const epoch = Number(process.env['SOURCE_DATE_EPOCH'] ?? Number.NaN)
  return new Date(Number.isSafeInteger(epoch) ? epoch * 1000 : Date.now()).toISOString().slice(0, 10)
}

const STAGES: Record<Progress['stage'], string> = { gather: 'reading', resolve: 'resolving', judge: 'judging' }

/** `reading    openimageio-2.4.7   12/35   214 objects   3.1k/s`. */
function progressText({ stage, label, done, total, objects }: Progress, seconds: number): string {
  const head = `${STAGES[stage].padEnd(9)}  ${label}   ${done}/${total}`
  if (objects === undefined) return head
  const rate = seconds > 0.2 ? `   ${rateText(objects / seconds)}` : ''
  return `${head}   ${objects} objects${rate}`
}

function rateText(perSecond: number): string {
  return perSecond < 1000 ? `${Math.round(perSecond)}/s` : `${(perSecond / 1000).toFixed(1)}k/s`
}

/** A question that cannot be answered as it was put: all but the last reason are said here, the last one is thrown. */
export function failed(failure: AuditFailure, output: Output): UsageError {
  for (const fault of failure.failures.slice(0, -1)) output.error(faultText(fault))
  const last = failure.failures.at(-1)
  return last === undefined ? new UsageError('nothing could be audited') : usageFault(last)
}
