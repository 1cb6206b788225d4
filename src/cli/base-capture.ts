/** `airtight base capture`: a system as one small file, and the script that collects one where there is no Node. */
import { basename, resolve } from 'node:path'
import { captureScript, captureSystem } from '../app/base-capture.ts'
import { faultText } from '../domain/fault.ts'
import { UsageError, exitCode, usageFault } from './exit.ts'
import type { Command } from './spec.ts'

export const command: Command = {
  spec: {
    name: 'base capture',
    summary: 'a system as one small file that is used without its tree',
    details: [
      'SRC is a root folder, oci:DIR[:TAG], docker-archive:FILE, oci-archive:FILE, or a tar archive of a root. The capture ' +
        'holds all names and links, what loaders read of every ELF file, its symbols, and who owns the files.',
      '--script prints a POSIX shell script that needs only find and tar: run it on a machine without Node, and use the ' +
        'archive that it writes as a system, or capture it here.',
    ],
    argument: { name: 'SRC', required: false, many: false, help: 'a root folder, an image, an archive' },
    options: [
      { name: 'script', help: 'print the script instead' },
      { name: 'label', value: 'NAME', help: 'what the capture calls itself (default: the name of its source)' },
      { name: 'platform', value: 'OS/ARCH', help: 'which image of an index, linux/amd64 by default' },
    ],
    examples: [
      { says: 'capture this machine', command: 'airtight base capture / -o workstation.capture' },
      { says: 'capture an image', command: 'airtight base capture oci:images/rocky9 -o rocky9.capture' },
      { says: 'collect a machine without Node', command: 'airtight base capture --script > collect.sh' },
    ],
  },
  run: async (args, output) => {
    if (args.flag('script')) {
      output.result(captureScript())
      return 0
    }
    const [source] = args.positionals
    if (source === undefined) throw new UsageError('SRC is missing', 'airtight base capture --help explains it')
    const file = args.value('output')
    if ((file === null || file === '-') && process.stdout.isTTY) {
      throw new UsageError('a capture is no text', 'name a file with -o, or send it into a pipe')
    }
    const taken = await captureSystem({
      source,
      own: resolve(source) === '/',
      label: args.value('label') ?? (basename(source) || 'root'),
      platform: args.value('platform'),
      progress: (label, bytes) => output.progress(() => `reading ${label}: ${Math.floor(bytes / 1048576)} MB`),
    })
    if ('message' in taken) throw usageFault(taken)
    output.result(taken.bytes)
    for (const note of taken.notes) output.say(`note: ${note}`)
    for (const fault of taken.faults) output.error(faultText(fault))
    return exitCode({ unread: taken.faults.length > 0 })
  },
}
