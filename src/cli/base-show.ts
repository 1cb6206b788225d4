/** `airtight base show`: a system as its loader sees it. */
import { showSystem } from '../app/base.ts'
import { faultText } from '../domain/fault.ts'
import { systemText } from '../report/system-text.ts'
import { exitCode, usageFault } from './exit.ts'
import type { Command } from './spec.ts'

export const command: Command = {
  spec: {
    name: 'base show',
    summary: 'a system as its loader sees it: glibc, search folders, cache, what it provides',
    details: [],
    argument: {
      name: 'SRC',
      required: true,
      many: false,
      help: 'a folder, an image, a capture or a declared base (base.yaml)',
    },
    options: [
      { name: 'format', value: 'FORMAT', choices: ['text', 'json'], help: 'text by default' },
      { name: 'cpu', value: 'LEVEL', help: "x86-64, x86-64-v2, -v3, -v4 or native (default: the base's)" },
    ],
    examples: [{ says: 'this machine', command: 'airtight base show /' }],
  },
  run: async (args, output) => {
    const facts = await showSystem(args.positionals[0] ?? '', args.value('cpu'))
    if ('message' in facts) throw usageFault(facts)
    if (args.value('format') === 'json') output.result(`${JSON.stringify(facts, null, 2)}\n`)
    else output.result(systemText(facts, await output.style()))
    for (const fault of facts.faults) output.error(faultText(fault))
    return exitCode({ unread: facts.faults.length > 0 })
  },
}
