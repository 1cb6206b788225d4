/** HST009: a command is taken from the system although a package of the context has it. */
import { expect, it } from 'vitest'
import type { FoundWorld } from '../support/rule-worlds.ts'
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioPackage, StudioSpec } from '../support/studio.ts'
import { findingsOf, program, verdicts } from '../support/studio.ts'

const ocio: StudioPackage = { tools: ['ocioinfo'], path: [], files: { 'bin/ocioinfo': program() } }
const host = { 'usr/bin/ocioinfo': program() }
const python: StudioPackage = { path: [], files: { 'bin/python3': program() } }
const system = { 'usr/bin/python3': program() }
const script = (line: string, path: readonly string[]): StudioSpec => ({
  packages: { 'tool-1': { files: { 'bin/tool': line } }, 'python-3': { ...python, path } },
  host: system,
  base: system,
})
const ENV = '#!/usr/bin/env python3\n'
const ABSOLUTE = '#!/usr/bin/python3\n'

const found = (line: string, repaired: string): FoundWorld => ({
  name: `the interpreter of ${JSON.stringify(line)}`,
  studio: script(line, []),
  finds: ['tool-1 python3 warn'],
  afterRepair: script(repaired, ['bin']),
})

ruleWorlds('HST009', {
  found: [
    {
      name: 'a tool that PATH takes from the system',
      studio: { packages: { 'ocio-2': ocio }, host },
      finds: ['ocio-2 ocioinfo warn'],
      says: ['/usr/bin/ocioinfo'],
      afterRepair: { packages: { 'ocio-2': { ...ocio, path: ['bin'] } }, host },
    },
    found(ENV, ENV),
    found('#! /usr/bin/env -S python3 -I\n', '#! /usr/bin/env -S python3 -I\n'),
    found(ABSOLUTE, ENV),
  ],
  clean: [
    { name: 'where no package has the command', studio: { packages: { 'ocio-2': { ...ocio, files: {} } }, host } },
    { name: 'where the system has no such command', studio: { packages: { 'ocio-2': ocio } } },
    { name: 'where PATH leads to the package', studio: script(ENV, ['bin']) },
    { name: 'about a script that cannot start in the base at all', studio: { ...script(ABSOLUTE, []), base: {} } },
  ],
})

it('says where the command was found, in which worlds, and which path would find the other', () => {
  const [tool] = findingsOf('HST009', { packages: { 'ocio-2': ocio }, host })
  expect(tool).toMatchObject({ world: 'host', evidence: { path: '/usr/bin/ocioinfo' } })
  expect(tool?.repairs[0]?.text).toContain("env.PATH.prepend('{root}/bin')")
  expect(findingsOf('HST009', script(ABSOLUTE, []))[0]).toMatchObject({ objects: ['bin/tool'], world: 'both' })
})

it('leaves a script to RES005 that cannot start in the base at all', () => {
  expect(verdicts('RES005', { ...script(ABSOLUTE, []), base: {} })).toEqual(['tool-1 /usr/bin/python3 error'])
})
