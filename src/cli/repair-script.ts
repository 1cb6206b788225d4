/** `airtight repair script`: the repairs of a context as a POSIX shell script. */
import { scriptFor } from '../app/repair-script.ts'
import { faultText } from '../domain/fault.ts'
import { GRAFT_ROOT } from '../repair/paths.ts'
import { EXIT_CLEAN, UsageError } from './exit.ts'
import type { Command } from './spec.ts'

export const command: Command = {
  spec: {
    name: 'repair script',
    summary: 'the repairs of a context as a POSIX shell script, for builders without Node',
    details: [
      'The script does what repair apply does: it compares every guard before it touches anything, stages beside the places ' +
        'and renames. It needs sh, readlink, sha256sum, stat and sort, of coreutils or busybox, and patchelf where run paths are ' +
        'set. Its options: --root DIR (default /), --host DIR and --source NAME=DIR for what grafts come from, --install ' +
        'for the OS packages.',
      'A step that fails, and a signal, leave the root as it was. What kill -9 leaves are files .NAME.airtight-part: start ' +
        'the script again.',
    ],
    argument: { name: 'DIR', required: true, many: false, help: 'the folder of all repairs' },
    options: [
      { name: 'context', value: 'NAME', help: 'which context, where DIR holds several' },
      { name: 'graft-root', value: 'DIR', help: `where grafts go in the image (${GRAFT_ROOT})` },
    ],
    examples: [
      { says: 'for a builder', command: 'airtight repair script repairs -o repair.sh' },
      { says: 'then in the image', command: 'sh repair.sh --host /mnt/workstation --install' },
    ],
  },
  run: (args, output) => {
    const script = scriptFor({
      folder: args.positionals[0] ?? '',
      context: args.value('context'),
      graftRoot: args.value('graft-root') ?? GRAFT_ROOT,
    })
    if (typeof script !== 'string') {
      for (const fault of script) output.error(faultText(fault))
      throw new UsageError('no script can be made of it', 'mend the entries named above, or plan with airtight repair')
    }
    output.result(script)
    return Promise.resolve(EXIT_CLEAN)
  },
}
