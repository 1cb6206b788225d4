/** `airtight image export`: the root folder of an image with a start script beside it. */
import { exportImage } from '../app/image-export.ts'
import { failed } from './audit-request.ts'
import { UsageError } from './exit.ts'
import { buildOptions, buildQuestion, conclude } from './image-build.ts'
import { imageOptions } from './image-request.ts'
import { interrupted, stopped } from './interrupt.ts'
import type { Command } from './spec.ts'

/** Options that only an image with layers has use for. */
const WITHOUT = new Set(['tag', 'label', 'annotation', 'layers'])

export const command: Command = {
  spec: {
    name: 'image export',
    summary: 'the root folder of an image and a script that starts its programs: a studio on a thumb drive',
    details: [
      'FOLDER gets root/, the whole tree, and start, a script that needs bwrap (bubblewrap), or unshare and chroot: ' +
        './start COMMAND runs in the Rez environment and sees the image, the home folder of whoever starts it, devices ' +
        'and the graphical session; AIRTIGHT_BIND=/a:/b lets further folders in.',
      'The tree is audited as by image build. The disk must keep links and modes, as ext4 does and FAT does not.',
    ],
    argument: { name: 'CONTEXT', required: true, many: true, help: 'an .rxt file, a package folder, or Rez requests' },
    options: [...imageOptions.filter(({ name }) => !WITHOUT.has(name)), ...buildOptions],
    examples: [
      {
        says: 'onto a disk that travels',
        command: 'airtight image export lighting.rxt --base rocky9/root --repairs repairs -o /media/disk/lighting',
      },
    ],
    outputFolder: true,
  },
  run: async (args, output) => {
    const path = args.value('output')
    if (path === null) throw new UsageError('-o FOLDER is missing', 'name a new folder: -o /media/disk/lighting')
    return interrupted(async (signal) => {
      const question = buildQuestion(args, output, { format: 'folder', path, compression: 'none', signal })
      const report = await exportImage(question)
      if ('failures' in report) {
        if (signal.aborted) return stopped(report, signal, output)
        throw failed(report, output)
      }
      return conclude(report, path, args, output)
    })
  },
}
