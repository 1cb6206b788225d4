/** `airtight base init`: the first declaration of a base, to be pruned by hand. */
import { dirname, relative, resolve } from 'node:path'
import { beginBase } from '../app/base.ts'
import { usageFault } from './exit.ts'
import type { Command } from './spec.ts'

export const command: Command = {
  spec: {
    name: 'base init',
    summary: 'begin the declaration of a base: what packages may rely on in an image',
    details: ['Writes a commented base.yaml that lists every OS package with libraries; keep those that are meant.'],
    argument: {
      name: 'SRC',
      required: true,
      many: false,
      help: 'the root folder of an unpacked image, an image, a capture',
    },
    options: [],
    examples: [{ says: 'declare an unpacked image', command: 'airtight base init rocky9 -o base.yaml' }],
  },
  run: async (args, output) => {
    const source = args.positionals[0] ?? ''
    const file = args.value('output')
    const start = file === null || file === '-' ? process.cwd() : dirname(resolve(file))
    const text = await beginBase(source, relative(start, resolve(source)) || '.')
    if (typeof text !== 'string') throw usageFault(text)
    output.result(text)
    return 0
  },
}
