/** `airtight base export`: the OS packages of a declared base for other tools. */
import { exportDeclared } from '../app/base-export.ts'
import type { ExportFormat } from '../system/base-export.ts'
import { usageFault } from './exit.ts'
import type { Command } from './spec.ts'

const FORMATS = ['containerfile', 'rez', 'list'] as const

export const command: Command = {
  spec: {
    name: 'base export',
    summary: 'the OS packages of a declared base as Containerfile lines, a Rez package or a list',
    details: [
      'The Containerfile begins with the image of the base and installs its OS packages with the package manager of its ' +
        'distribution. The Rez package has no payload: a context that requires it says on which base it relies.',
    ],
    argument: { name: 'BASE', required: true, many: false, help: 'a declared base (base.yaml)' },
    options: [
      { name: 'format', value: 'FORMAT', choices: FORMATS, help: 'containerfile by default' },
      { name: 'pin', help: 'name the versions that the capture or root of the base has' },
    ],
    examples: [
      { says: 'an image with what the base promises', command: 'airtight base export base.yaml -o Containerfile' },
      { says: 'as a Rez package', command: 'airtight base export base.yaml --format rez -o rocky_9/9.4/package.py' },
    ],
  },
  run: async (args, output) => {
    const format: ExportFormat = FORMATS.find((name) => name === args.value('format')) ?? 'containerfile'
    const text = await exportDeclared(args.positionals[0] ?? '', format, args.flag('pin'))
    if (typeof text !== 'string') throw usageFault(text)
    output.result(text)
    return 0
  },
}
