/** `airtight base show`: a system as its loader sees it. */
import { showSystem } from '../app/base.ts'
import { showProfile } from '../app/profile.ts'
import { faultText } from '../domain/fault.ts'
import { profileText } from '../report/profile-text.ts'
import { systemText } from '../report/system-text.ts'
import { exitCode, usageFault } from './exit.ts'
import type { Command } from './spec.ts'

export const command: Command = {
  spec: {
    name: 'base show',
    summary: 'a system as its loader sees it: glibc, search folders, cache, what it provides',
    details: [
      'Built-in bases are known by facts: centos-7, rocky-8, rocky-9, rocky-10, aswf-2019 to aswf-2026, manylinux2014, ' +
        'manylinux_2_28, manylinux_2_34, vfx-2014 to vfx-2026. What no source says of them is unknown.',
    ],
    argument: {
      name: 'SRC',
      required: true,
      many: false,
      help: 'a folder, an image, a capture, a declared base (base.yaml) or a built-in one (rocky-9)',
    },
    options: [
      { name: 'format', value: 'FORMAT', choices: ['text', 'json'], help: 'text by default' },
      { name: 'cpu', value: 'LEVEL', help: "x86-64, x86-64-v2, -v3, -v4 or native (default: the base's)" },
      { name: 'find', value: 'GLOB', help: 'libraries whose soname, path or OS package fits, such as libssl*' },
    ],
    examples: [
      { says: 'this machine', command: 'airtight base show /' },
      { says: 'what an image has of OpenSSL', command: "airtight base show oci:images/rocky9 --find 'libssl*'" },
      { says: 'a built-in base: what is known of it, with sources', command: 'airtight base show rocky-9' },
    ],
  },
  run: async (args, output) => {
    const name = args.positionals[0] ?? ''
    const profile = await showProfile(name)
    if (profile !== null) {
      const json = args.value('format') === 'json'
      output.result(json ? `${JSON.stringify(profile, null, 2)}\n` : profileText(profile, await output.style()))
      return exitCode({})
    }
    const facts = await showSystem(name, args.value('cpu'), args.value('find'))
    if ('message' in facts) throw usageFault(facts)
    if (args.value('format') === 'json') output.result(`${JSON.stringify(facts, null, 2)}\n`)
    else output.result(systemText(facts, await output.style()))
    for (const fault of facts.faults) output.error(faultText(fault))
    return exitCode({ unread: facts.faults.length > 0 })
  },
}
