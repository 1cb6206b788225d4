/** RES005: the interpreter of a program or script is missing. */
import { expect, it } from 'vitest'
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioFile, StudioPackage, StudioSpec } from '../support/studio.ts'
import { INTERPRETER, findingsOf, program } from '../support/studio.ts'

const tclsh = { 'usr/bin/tclsh': program() }
const studio = (file: StudioFile, systems: Partial<StudioSpec> = {}): StudioSpec => ({
  packages: { 'app-1': { files: { 'bin/tool': file } } },
  ...systems,
})
const forLoader = (interpreter: string): StudioFile => ({ elf: { type: 'exec', interpreter, needs: ['libc.so.6'] } })
const python: StudioPackage = { files: { 'bin/python3': program() } }
const starts = (line: string): StudioSpec => ({
  packages: { 'tool-1': { files: { 'bin/tool': line } }, 'python-3': python },
})

ruleWorlds('RES005', {
  found: [
    {
      name: 'a loader that neither system has: an error, for every start names it',
      studio: studio(forLoader('/opt/ld.so')),
      finds: ['app-1 /opt/ld.so error'],
      afterRepair: studio(forLoader(INTERPRETER)),
    },
    {
      name: 'the interpreter of a script that only the host has',
      studio: studio('#!/usr/bin/tclsh\n', { host: tclsh }),
      finds: ['app-1 /usr/bin/tclsh error'],
      afterRepair: studio('#!/usr/bin/tclsh\n', { host: tclsh, base: tclsh }),
    },
    {
      name: 'the command of a script that only the host has',
      studio: studio('#!/usr/bin/env tclsh\n', { host: tclsh }),
      finds: ['app-1 tclsh error'],
      afterRepair: studio('#!/usr/bin/env tclsh\n', { host: tclsh, base: tclsh }),
    },
    {
      name: 'what the base lacks where no host is looked at',
      studio: studio('#!/usr/bin/tclsh\n', { host: null }),
      finds: ['app-1 /usr/bin/tclsh error'],
      afterRepair: studio('#!/usr/bin/tclsh\n', { host: null, base: tclsh }),
    },
    {
      name: 'what both systems lack, as a warning: nobody relies on a script that starts nowhere',
      studio: studio('#!/usr/bin/tclsh\n'),
      finds: ['app-1 /usr/bin/tclsh warn'],
      says: ['missing from', 'and does not on the host either'],
      afterRepair: studio('#!/usr/bin/tclsh\n', { host: tclsh, base: tclsh }),
    },
    {
      name: 'the command that both systems lack, as a warning',
      studio: studio('#!/usr/bin/env tclsh\n'),
      finds: ['app-1 tclsh warn'],
    },
    {
      name: 'what only the host lacks, as a warning',
      studio: studio('#!/usr/bin/tclsh\n', { base: tclsh }),
      finds: ['app-1 /usr/bin/tclsh warn'],
      afterRepair: studio('#!/usr/bin/tclsh\n', { host: tclsh, base: tclsh }),
    },
    {
      name: 'an interpreter that a package of the context has under another path',
      studio: starts('#!/usr/bin/python3\n'),
      finds: ['tool-1 /usr/bin/python3 warn'],
      says: ['python-3 has bin/python3'],
      afterRepair: starts('#!/usr/bin/env python3\n'),
    },
  ],
  clean: [
    {
      name: 'about scripts outside folders of commands',
      studio: { packages: { 'app-1': { files: { 'share/x': '#!/usr/bin/tclsh\n' } } } },
    },
    { name: 'about what every system has', studio: studio('#!/bin/sh\n') },
  ],
})

it('tells how to start a script with the command of a package', () => {
  expect(findingsOf('RES005', starts('#!/usr/bin/python3\n'))[0]?.repairs[0]?.text).toBe(
    'Start the script through #!/usr/bin/env python3.',
  )
})
