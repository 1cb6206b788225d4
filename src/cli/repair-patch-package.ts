/** `airtight repair patch-package`: requirements and paths of repair files, written into package.py. */
import { definitionPatches, writePatches } from '../app/repair-patch.ts'
import { faultText } from '../domain/fault.ts'
import { unifiedDiff } from '../repair/unified-diff.ts'
import { isFolder } from '../tree/status.ts'
import { EXIT_CLEAN, EXIT_USAGE, UsageError } from './exit.ts'
import type { Command } from './spec.ts'

export const command: Command = {
  spec: {
    name: 'repair patch-package',
    summary: 'requirements and paths of repair files, written into package.py',
    details: [
      'The diff of each package.py for which a repair file holds requires or env; patch -p0 takes it. Requirements go to ' +
        "the end of the list in the list's own style, paths to the end of commands(). All other bytes stay. Whatever " +
        'cannot be changed so (a late function, package.yaml) is named and left, and the exit code is 2.',
      'Definitions are those of the contexts that were planned. Where they are release packages, apply the diff to their ' +
        'sources instead.',
    ],
    argument: { name: 'DIR', required: true, many: true, help: 'the folder of all repairs, then NAME or NAME-VERSION' },
    options: [{ name: 'write', help: 'change the files in place instead' }],
    examples: [
      { says: 'what would change', command: 'airtight repair patch-package repairs' },
      { says: 'one package, in place', command: 'airtight repair patch-package repairs tiff-4.5.1 --write' },
    ],
  },
  run: (args, output) => {
    const [folder = '', ...only] = args.positionals
    if (!isFolder(folder)) {
      throw new UsageError(`${folder} is no folder`, 'name the folder that airtight repair CONTEXT -o DIR wrote')
    }
    const { patches, faults, left, packages, files } = definitionPatches(folder, only)
    for (const line of left) output.say(line)
    for (const fault of faults) output.error(faultText(fault))
    if (files === 0 && faults.length === 0) {
      throw new UsageError(`${folder} holds no repair files`, 'write them first: airtight repair CONTEXT -o DIR')
    }
    if (args.flag('write')) {
      writePatches(patches)
      for (const { file } of patches) output.say(`${file} changed`)
    } else output.result(patches.map(({ file, before, after }) => unifiedDiff(before, after, [file, file])).join(''))
    if (patches.length === 0 && faults.length === 0)
      output.say(packages === 0 ? 'no package.py is to be changed' : 'every package.py says it already')
    return Promise.resolve(faults.length === 0 ? EXIT_CLEAN : EXIT_USAGE)
  },
}
