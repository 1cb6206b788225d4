/** `airtight repair apply`: puts the repairs of a context into a root folder, all of them or none. */
import type { Applied, RootOptions } from '../app/repair-root.ts'
import { applyToRoot } from '../app/repair-root.ts'
import type { Fault } from '../domain/fault.ts'
import { faultText } from '../domain/fault.ts'
import { GRAFT_ROOT } from '../repair/paths.ts'
import { EXIT_CLEAN, UsageError } from './exit.ts'
import { interrupted, interruptedCode } from './interrupt.ts'
import type { Output } from './output.ts'
import type { Arguments, Command } from './spec.ts'
import { unpacking } from './unpacking.ts'

export const command: Command = {
  spec: {
    name: 'repair apply',
    summary: 'put the repairs of a context into a root folder, all of them or none',
    details: [
      'Every guard is compared before anything is touched. Then files are staged beside their places and renamed; a run ' +
        'that is interrupted leaves the root as it was, and one that was killed is undone or finished by the next one. Run paths are set by patchelf. Requirements are for ' +
        'package.py, and paths for the environment script: apply changes neither. OS packages are installed by the ' +
        'package manager of the image before; where one is missing, nothing is done.',
    ],
    argument: { name: 'DIR', required: true, many: false, help: 'the folder of all repairs' },
    options: [
      { name: 'root', value: 'ROOT', help: 'the root folder of the image, with the packages in their places' },
      { name: 'host', value: 'ROOT', help: 'where grafts come from (default: the host of the plan)' },
      {
        name: 'graft-from',
        value: 'NAME=SOURCE',
        repeat: true,
        help: 'where the source of grafts that is called NAME is (default: where the plan found it)',
      },
      { name: 'context', value: 'NAME', help: 'which context, where DIR holds several' },
      { name: 'graft-root', value: 'DIR', help: `where grafts go in the image (${GRAFT_ROOT})` },
    ],
    examples: [{ says: 'into an unpacked base', command: 'airtight repair apply repairs --root ./rootfs' }],
  },
  run: async (args, output) => {
    const root = args.value('root')
    if (root === null) throw new UsageError('--root ROOT is missing', 'name the root folder of the image')
    return interrupted(async (signal) => {
      try {
        return report(await applyToRoot(optionsOf(args, root, output), signal), root, output)
      } catch (error) {
        if (!signal.aborted) throw error
        output.error('interrupted: the root is as it was')
        return interruptedCode(signal)
      }
    })
  },
}

function optionsOf(args: Arguments, root: string, output: Output): RootOptions {
  return {
    folder: args.positionals[0] ?? '',
    root,
    host: args.value('host'),
    context: args.value('context'),
    graftRoot: args.value('graft-root') ?? GRAFT_ROOT,
    graftFrom: args.values('graft-from'),
    unpacking: unpacking(output),
  }
}

function report(result: Applied | readonly Fault[], root: string, output: Output): number {
  if (!('changed' in result)) {
    for (const fault of result) output.error(faultText(fault))
    throw new UsageError('nothing was touched', 'plan again with airtight repair, or mend the entries named above')
  }
  if (result.recovered !== null) output.say(`a run that was killed has been ${result.recovered} first`)
  output.say(result.changed === 0 ? 'everything is in place' : `${result.changed} changes applied below ${root}`)
  return EXIT_CLEAN
}
