/** `airtight why`: who wants a library, which candidates the loader tried, who wins and who loses. */
import { audit } from '../app/audit.ts'
import { askedNames, explain } from '../app/why.ts'
import { closest } from '../domain/closest.ts'
import { whyText } from '../report/why-text.ts'
import { auditOptions, contextOptions, failed } from './audit-request.ts'
import { UsageError } from './exit.ts'
import type { Command } from './spec.ts'

export const command: Command = {
  spec: {
    name: 'why',
    summary: 'who wants a library in a context, which candidates were tried, who wins, who loses',
    details: [
      'NAME is what an object asks for, such as libtiff.so.6. The answer ends with the command with which the real loader shows the same.',
    ],
    argument: { name: 'NAME', required: true, many: false, help: 'a name as DT_NEEDED has it' },
    options: [
      {
        name: 'context',
        value: 'C',
        repeat: true,
        help: 'an .rxt file, a suite, a bundle, a package folder, or a Rez request',
      },
      ...contextOptions,
      { name: 'format', value: 'FORMAT', choices: ['text', 'json'], help: 'text by default' },
      { name: 'all', help: 'every object that asks, every folder that was searched' },
    ],
    examples: [
      {
        says: 'why this TIFF and not the one of the package',
        command: 'airtight why libtiff.so.6 --context lighting.rxt --base rocky9/base.yaml',
      },
    ],
  },
  run: async (args, output) => {
    const contexts = args.values('context')
    if (contexts.length === 0) throw new UsageError('--context is missing', 'airtight why --help explains it')
    const found = await audit({ ...auditOptions(args, contexts, output), baseline: false })
    if ('failures' in found) throw failed(found, output)
    const result = found.audit
    const name = args.positionals[0] ?? ''
    const why = explain(result, name)
    if (why === null) {
      const names = askedNames(result)
      const near = names.find((item) => item.startsWith(`${name}.`)) ?? closest(name, names)
      throw new UsageError(
        `no object of the context asks for ${name}`,
        near === null ? 'airtight audit ... --format json lists every name' : `did you mean ${near}?`,
      )
    }
    if (args.value('format') === 'json') output.result(`${JSON.stringify(why, null, 2)}\n`)
    else output.result(whyText(why, { style: await output.style(), width: output.width, all: args.flag('all') }))
    return 0
  },
}
