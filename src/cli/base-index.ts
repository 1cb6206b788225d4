/** `airtight base index`: the OS packages that a distribution offers, as one file for `repair --index`. */
import { basename } from 'node:path'
import { makeIndex } from '../app/base-index.ts'
import { faultText } from '../domain/fault.ts'
import { UsageError, exitCode, usageFault } from './exit.ts'
import type { Command } from './spec.ts'

export const command: Command = {
  spec: {
    name: 'base index',
    summary: 'the OS packages that a distribution offers, for repair --index',
    details: [
      'SRC is an index file of a repository, plain or compressed by gzip, or a folder that holds some; what it is, its ' +
        'content tells. RPM: repodata/*primary.xml, also .zst. Debian: Packages and Contents-ARCH, both. Alpine: ' +
        'APKINDEX.tar.gz. Nothing is downloaded.',
      'Of several repositories of one system the newest version of a package is taken. Only RPM metadata tells the version ' +
        'nodes of libraries; elsewhere a library of the right soname is believed to have those asked for.',
    ],
    argument: { name: 'SRC', required: true, many: true, help: 'index files, or folders of a repository' },
    options: [{ name: 'label', value: 'NAME', help: 'what the index calls itself (default: the name of its source)' }],
    examples: [
      { says: 'of an RPM mirror', command: 'airtight base index mirror/BaseOS mirror/AppStream -o rocky9.json' },
      { says: 'of Debian', command: 'airtight base index Packages.gz Contents-amd64.gz -o debian12.json' },
    ],
  },
  run: async (args, output) => {
    const [first] = args.positionals
    if (first === undefined) throw new UsageError('SRC is missing', 'airtight base index --help explains it')
    const made = await makeIndex(args.positionals, args.value('label') ?? (basename(first) || 'index'))
    if ('message' in made) throw usageFault(made)
    output.result(made.text)
    output.say(`${made.packages} OS packages with ${made.libraries} libraries`)
    for (const fault of made.faults) output.error(faultText(fault))
    return exitCode({ unread: made.faults.length > 0 })
  },
}
