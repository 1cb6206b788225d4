/** `airtight policy check`: whether policy files can be read, for hooks and CI. */
import { loadPolicy } from '../app/policy-file.ts'
import { printable } from '../domain/bytes.ts'
import { isPolicy } from '../policy/policy.ts'
import { failed } from './audit-request.ts'
import type { Command } from './spec.ts'

export const command: Command = {
  spec: {
    name: 'policy check',
    summary: 'whether policy files and all that they extend can be read',
    details: ['Says what is wrong with each, with line and column: exit 2.'],
    argument: { name: 'FILE', required: true, many: true, help: 'a policy file' },
    options: [],
    examples: [{ says: 'before a commit', command: 'airtight policy check airtight.yaml' }],
  },
  run: async (args, output) => {
    const failures = []
    const good: string[] = []
    for (const file of args.positionals) {
      const policy = await loadPolicy(file, process.cwd())
      if (isPolicy(policy)) good.push(`${printable(file)}: ${policy.entries.length} entries\n`)
      else failures.push(...policy)
    }
    if (failures.length > 0) throw failed({ failures }, output)
    output.result(good.join(''))
    return 0
  },
}
