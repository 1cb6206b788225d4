/** HST001: found in the declared base, neither packaged nor covered by provides. */
import { expect, it } from 'vitest'
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioSpec } from '../support/studio.ts'
import { auditStudio, inSystem, lib, program, verdicts } from '../support/studio.ts'

const files = { 'bin/app': program('libz.so.1', 'libstdc++.so.6', 'libc.so.6') }
const system = { [inSystem('libz.so.1')]: lib('libz.so.1'), [inSystem('libstdc++.so.6')]: lib('libstdc++.so.6') }
const owned = {
  ...system,
  'var/lib/dpkg/status': 'Package: zlib1g\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n',
  'var/lib/dpkg/info/zlib1g:amd64.list': '/usr/lib/x86_64-linux-gnu/libz.so.1\n',
}
const undeclared: StudioSpec = { packages: { 'app-1': { files } }, host: system, base: system }
const studio: StudioSpec = { ...undeclared, provides: {} }

ruleWorlds('HST001', {
  found: [
    {
      name: 'what provides does not name; the C and C++ run-time is always allowed',
      studio,
      finds: ['app-1 libz.so.1 error'],
      afterRepair: [
        { ...studio, provides: { sonames: ['libz.so.*'] } },
        {
          ...studio,
          packages: {
            'app-1': { requires: ['zlib-1'], files },
            'zlib-1': { files: { 'lib/libz.so.1': lib('libz.so.1') } },
          },
        },
      ],
    },
    {
      name: 'a library of an OS package that provides does not name',
      studio: { ...studio, base: owned },
      finds: ['app-1 libz.so.1 error'],
      says: ['zlib1g'],
      afterRepair: { ...studio, base: owned, provides: { osPackages: ['zlib1g'] } },
    },
  ],
  clean: [
    { name: 'where provides names the soname', studio: { ...studio, provides: { sonames: ['libz.so.1'] } } },
    { name: 'where the base lacks it, which is another rule', studio: { ...studio, base: {} } },
  ],
})

it('is off for a base that nobody declared, and the audit says so', () => {
  expect(verdicts('HST001', undeclared)).toEqual([])
  expect(auditStudio(undeclared).notJudged.join()).toContain('HST001')
})
