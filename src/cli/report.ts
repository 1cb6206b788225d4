/** `airtight report`: a saved audit in another format. */
import { auditExit, show, showOptions } from './audit.ts'
import { readAudit } from './saved-audit.ts'
import type { Command } from './spec.ts'

export const command: Command = {
  spec: {
    name: 'report',
    summary: 'a saved audit (audit --format json) in another format',
    details: ['Needs neither the packages nor the systems any more. Exits as the audit did.'],
    argument: { name: 'AUDIT.json', required: true, many: false, help: 'what audit --format json wrote' },
    options: showOptions,
    examples: [{ says: 'everything that was found', command: 'airtight report audit.json --all' }],
  },
  run: async (args, output) => {
    const document = await readAudit(args.positionals[0] ?? '')
    await show(document, args, output)
    return auditExit(document, args)
  },
}
