/** `airtight lint`: packages about to be released, against the released repositories. */
import { lint } from '../app/lint.ts'
import { conclude, showOptions } from './audit.ts'
import { auditOptions, baselineOptions, contextOptions, failed } from './audit-request.ts'
import type { Command } from './spec.ts'

export const command: Command = {
  spec: {
    name: 'lint',
    summary: 'packages about to be released, against the released repositories',
    details: [
      'PACKAGE_DIR is the folder of an installed package: package.py and what was built. Each variant is resolved with ' +
        'the newest and with the oldest versions that its requires allow; only findings about the package are shown. ' +
        'A requirement that is not declared is an error here. Without --base and --host nothing is resolved in a ' +
        'system: ownership, requirements and files are judged all the same.',
      'Exits 1 with findings at or above --fail-on, 2 for what is no installed package, 3 when something it requires ' +
        'could not be read.',
    ],
    argument: { name: 'PACKAGE_DIR', required: true, many: true, help: 'the folder of an installed package' },
    options: [...contextOptions, ...baselineOptions, ...showOptions],
    examples: [
      {
        says: 'what was just built, before it is released',
        command: 'airtight lint ~/packages/usd/24.08 --repo /studio/rez --base rocky9/base.yaml',
      },
    ],
  },
  run: async (args, output) => {
    const started = performance.now()
    const result = await lint({ ...auditOptions(args, args.positionals, output), purpose: 'lint' })
    if ('failures' in result) throw failed(result, output)
    return conclude(result, started, args, output)
  },
}
