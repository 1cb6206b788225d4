/** `airtight base diff`: what changes for programs from one base to another. */
import { diffSources } from '../app/base-diff.ts'
import { faultText } from '../domain/fault.ts'
import { UsageError, exitCode, usageFault } from './exit.ts'
import type { Command } from './spec.ts'

export const command: Command = {
  spec: {
    name: 'base diff',
    summary: 'what changes from one base to another: sonames, version nodes, OS packages, loader',
    details: [
      'A and B are folders, images, captures or declared bases. Compared are the libraries in the folders that their ' +
        'loaders search. Exits 0 whatever differs.',
    ],
    argument: { name: 'A B', required: true, many: true, help: 'the base of today, and that of tomorrow' },
    options: [{ name: 'format', value: 'FORMAT', choices: ['text', 'json', 'markdown'], help: 'text by default' }],
    examples: [{ says: 'two captures', command: 'airtight base diff centos7.capture rocky9.capture' }],
  },
  run: async (args, output) => {
    const [a, b, more] = args.positionals
    if (a === undefined || b === undefined || more !== undefined) {
      throw new UsageError('two bases are compared', 'airtight base diff A B')
    }
    const found = await diffSources(a, b)
    if ('message' in found) throw usageFault(found)
    const format = args.value('format') ?? 'text'
    if (format === 'json') output.result(`${JSON.stringify(found.diff, null, 2)}\n`)
    else {
      const { baseDiffMarkdown, baseDiffText } = await import('../report/base-diff.ts')
      output.result(
        format === 'markdown' ? baseDiffMarkdown(found.diff) : baseDiffText(found.diff, await output.style()),
      )
    }
    for (const fault of found.faults) output.error(faultText(fault))
    return exitCode({ unread: found.faults.length > 0 })
  },
}
