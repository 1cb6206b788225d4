/** `airtight repair`: writes repair files that close what an audit finds, after proving that they do. */
import { repair } from '../app/repair.ts'
import { writeStore } from '../app/repair-store.ts'
import { repairText } from '../report/repair-text.ts'
import { contextOptions, failed } from './audit-request.ts'
import { UsageError, exitCode } from './exit.ts'
import { planOptions, repairOptions, reportOf } from './repair-request.ts'
import type { Command } from './spec.ts'

export const command: Command = {
  spec: {
    name: 'repair',
    summary: 'write repair files that close what an audit finds, proved before they are written',
    details: [
      'For each finding the smallest change that clears it is planned: requirements and paths of packages first, then OS ' +
        'packages of the base, then grafts: copies, of the host or of what --graft-from names, with everything they load in turn. The plan is laid over ' +
        'the base and everything is resolved and judged again.',
      'Files go below DIR: packages/NAME/VERSION.yaml and contexts/NAME.yaml, and what the machine has to remember below ' +
        '.state. Edit them: the next run keeps what you changed, and does not offer again what you deleted.',
      'Exits 1 where an error is left with the repairs in place, 2 when the question is wrong, 3 when something that ' +
        'could change the verdict could not be read.',
    ],
    argument: { name: 'CONTEXT', required: true, many: true, help: 'an .rxt file, a package folder, or Rez requests' },
    options: [
      ...contextOptions.filter((option) => option.name !== 'repairs'),
      ...planOptions,
      { name: 'format', value: 'FORMAT', choices: ['text', 'json'], help: 'text by default' },
      { name: 'all', help: 'every entry, not only the ten that clear most' },
    ],
    examples: [
      {
        says: 'repair files for a context and its base',
        command: 'airtight repair lighting.rxt --base rocky9/base.yaml -o repairs',
      },
      {
        says: 'copies from the image of yesterday, nothing of this machine',
        command:
          'airtight repair lighting.rxt --base base.yaml --host none --graft-from old=oci:centos-7:latest -o repairs',
      },
      {
        says: 'OS packages where the distribution has them, nothing copied',
        command: 'airtight repair lighting.rxt --base base.yaml --index rocky9.json --prefer os_packages -o repairs',
      },
    ],
    outputFolder: true,
  },
  run: async (args, output) => {
    const out = args.value('output')
    if (out === null) throw new UsageError('-o DIR is missing', 'name the folder of all repairs: -o repairs')
    const outcome = await repair(repairOptions(args, args.positionals, out, output))
    if ('failures' in outcome) throw failed(outcome, output)
    writeStore(out, outcome.merged.changes)
    const report = reportOf(outcome)
    output.result(
      args.value('format') === 'json' ? `${JSON.stringify(report, null, 2)}\n` : repairText(report, args.flag('all')),
    )
    const count = report.files.length
    output.say(count === 0 ? `${out} is up to date` : `${count} file${count === 1 ? '' : 's'} written below ${out}`)
    return exitCode({
      unread: outcome.incomplete.length > 0,
      findings: report.contexts.some((context) => context.after.error > 0),
    })
  },
}
