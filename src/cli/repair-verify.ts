/** `airtight repair verify`, `check` and `diff`: repairs as they stand on disk, and as a new run would write them. */
import { areRuns, recordedRuns, verifyRun } from '../app/repair-again.ts'
import { repair } from '../app/repair.ts'
import { isStore, readStore } from '../app/repair-store.ts'
import { STATE_FOLDER } from '../repair/paths.ts'
import { unifiedDiff } from '../repair/unified-diff.ts'
import type { RepairOptions } from '../app/repair-options.ts'
import { contextOptions, failed } from './audit-request.ts'
import { EXIT_CLEAN, EXIT_OUT_OF_DATE, exitCode } from './exit.ts'
import type { Output } from './output.ts'
import { planOptions, repairOptions } from './repair-request.ts'
import type { Arguments, Command, CommandSpec } from './spec.ts'

const argument = { name: 'DIR', required: true, many: false, help: 'the folder of all repairs' } as const
const options: CommandSpec['options'] = [
  ...contextOptions.filter((option) => option.name !== 'repairs'),
  ...planOptions.filter((option) => option.name !== 'name'),
  { name: 'context', value: 'NAME', help: 'only this context of DIR' },
]
const INPUTS = 'Contexts, repositories and systems are those of the last run unless an option says otherwise.'

export const verify: Command = {
  spec: {
    name: 'repair verify',
    summary: 'whether repair files, as they stand, leave no error',
    details: [
      `The files are laid over the base, and everything is resolved and judged again. ${INPUTS} Exits 1 where an error is left.`,
    ],
    argument,
    options,
    examples: [{ says: 'after editing', command: 'airtight repair verify repairs' }],
  },
  run: async (args, output) => {
    const lines: string[] = []
    let errors = 0
    let unread = false
    for (const run of runsOf(args, output)) {
      const audit = await verifyRun(run)
      if ('failures' in audit) throw failed(audit, output)
      const left = audit.findings.filter((finding) => finding.severity === 'error')
      errors += left.length
      unread ||= audit.incomplete.length > 0
      lines.push(`${run.name ?? ''}: ${left.length === 0 ? 'no error is left' : `${left.length} errors are left`}`)
      lines.push(...left.map(({ rule, message }) => `  ${rule} ${message}`))
    }
    output.result(`${lines.join('\n')}\n`)
    return exitCode({ findings: errors > 0, unread })
  },
}

export const check: Command = {
  spec: {
    name: 'repair check',
    summary: 'whether a new run would change repair files: exit 4',
    details: [`Plans as repair does, and writes nothing. ${INPUTS}`],
    argument,
    options,
    examples: [{ says: 'in CI', command: 'airtight repair check repairs' }],
  },
  run: async (args, output) => {
    const paths = [...(await changesOf(args, output)).keys()].filter((path) => !path.startsWith(`${STATE_FOLDER}/`))
    if (paths.length > 0) output.result(`${paths.sort().join('\n')}\n`)
    return paths.length > 0 ? EXIT_OUT_OF_DATE : EXIT_CLEAN
  },
}

export const diff: Command = {
  spec: {
    name: 'repair diff',
    summary: 'what a new run would change in repair files, as a unified diff',
    details: [`Plans as repair does, and writes nothing. ${INPUTS}`],
    argument,
    options,
    examples: [{ says: 'what changed', command: 'airtight repair diff repairs' }],
  },
  run: async (args, output) => {
    const store = readStore(args.positionals[0] ?? '')
    const changes = [...(await changesOf(args, output))].filter(([path]) => !path.startsWith(`${STATE_FOLDER}/`)).sort()
    const texts = changes.map(([path, text]) => {
      const before = isStore(store) ? (store.files.get(path)?.text ?? '') : ''
      return unifiedDiff(before, text ?? '', [before === '' ? '/dev/null' : path, text === null ? '/dev/null' : path])
    })
    output.result(texts.join(''))
    return EXIT_CLEAN
  },
}

function runsOf(args: Arguments, output: Output): readonly RepairOptions[] {
  const given = repairOptions(args, [], args.positionals[0] ?? '', output)
  const runs = recordedRuns(given, args.value('context'))
  if (!areRuns(runs)) throw failed({ failures: runs }, output)
  return runs
}

async function changesOf(args: Arguments, output: Output): Promise<ReadonlyMap<string, string | null>> {
  const changes = new Map<string, string | null>()
  for (const run of runsOf(args, output)) {
    const outcome = await repair(run)
    if ('failures' in outcome) throw failed(outcome, output)
    for (const [path, text] of outcome.merged.changes) changes.set(path, text)
  }
  return changes
}
