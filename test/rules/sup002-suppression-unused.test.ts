/** SUP002: a suppression is about nothing that was found. */
import { policyOf } from '../support/policy.ts'
import type { CleanWorld } from '../support/rule-worlds.ts'
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioSpec } from '../support/studio.ts'
import { lib, program } from '../support/studio.ts'

const packages = { 'p-1.2': { files: { 'bin/a': program('libq.so.1'), 'lib/libq.so.1': lib('libq.so.1') } } }
const missing = { 'p-1.2': { files: { 'bin/a': program('libq.so.1') } } }
const studio = (rule: string, where: string, more: Partial<StudioSpec> = {}): StudioSpec => ({
  packages,
  policy: policyOf(`suppress: [{rule: ${rule}, where: {${where}}, reason: r}]`),
  ...more,
})
const without: StudioSpec = { packages, policy: policyOf('suppress: []') }
const untold = (name: string, rule: string, where: string, more: Partial<StudioSpec> = {}): CleanWorld => ({
  name: `about ${name}: nobody can tell`,
  studio: studio(rule, where, more),
})

ruleWorlds('SUP002', {
  found: [
    {
      name: 'one for a package that was looked at',
      studio: studio('RES001', 'package: p'),
      finds: ['- RES001 p warn'],
      says: ['about nothing that was found'],
      afterRepair: without,
    },
    {
      name: 'one for packages and versions that were looked at',
      studio: studio('RES001', 'package: "p*", version: "1+"'),
      finds: ['- RES001 p* 1+ warn'],
      afterRepair: without,
    },
  ],
  clean: [
    { name: 'about one that is used', studio: studio('RES001', 'package: p', { packages: missing }) },
    {
      name: 'about one that is used, whichever rule of the cause sees it',
      studio: studio('HST002', 'package: p', { packages: missing }),
    },
    untold('another package', 'RES001', 'package: other'),
    untold('another version', 'RES001', 'package: p, version: "2+"'),
    untold('another context', 'RES001', 'package: p, context: other'),
    untold('no package', 'RES001', 'subject: libz.so.1'),
    untold('a rule that needs two systems', 'HST002', 'package: p', { host: null }),
    untold('a world that is not there', 'RES001', 'package: p, world: host', { host: null }),
  ],
})
