/** `airtight base check`: whether a machine or an image gives what a declared base promises. */
import { checkSource } from '../app/base-check.ts'
import { faultText } from '../domain/fault.ts'
import { UsageError, exitCode, usageFault } from './exit.ts'
import type { Command } from './spec.ts'

export const command: Command = {
  spec: {
    name: 'base check',
    summary: 'whether a machine or an image gives what a declared base promises',
    details: [
      'BASE is a base.yaml. Looked at are its OS packages, sonames, distribution and processor. Where it names a capture or ' +
        'a root, versions of its OS packages, of the C library and version nodes are compared as well.',
      'Exits 1 when something promised is missing or different; with --exact also for OS packages with libraries that the ' +
        'base does not promise.',
      'Drivers of the declaration are what the machine brings: an image must not have them, a machine (/, or any root with ' +
        '--machine) must, as files that its loader finds or through a CDI file of /etc/cdi or /var/run/cdi.',
    ],
    argument: { name: 'BASE', required: true, many: false, help: 'a declared base (base.yaml)' },
    options: [
      { name: 'root', value: 'SRC', help: 'what is examined, / by default: a folder, an image, a capture' },
      { name: 'machine', help: 'the root is that of a machine that runs images, which must have the drivers' },
      { name: 'exact', help: 'OS packages that the base does not promise count, too' },
      { name: 'format', value: 'FORMAT', choices: ['text', 'json'], help: 'text by default' },
    ],
    examples: [
      { says: 'an image before it is released', command: 'airtight base check base.yaml --root oci:images/new' },
    ],
  },
  run: async (args, output) => {
    const base = args.positionals[0] ?? ''
    if (!/\.ya?ml$/.test(base))
      throw new UsageError(`${base} is no declared base (base.yaml)`, 'airtight base init begins one')
    const found = await checkSource(base, args.value('root') ?? '/', args.flag('machine'))
    if ('message' in found) throw usageFault(found)
    const { check, faults } = found
    if (args.value('format') === 'json') output.result(`${JSON.stringify(check, null, 2)}\n`)
    else {
      const { baseCheckText } = await import('../report/base-check.ts')
      output.result(baseCheckText(check, await output.style()))
    }
    for (const fault of faults) output.error(faultText(fault))
    const broken = check.missing.length + check.different.length > 0
    return exitCode({ unread: faults.length > 0, findings: broken || (args.flag('exact') && check.extra.length > 0) })
  },
}
