/** HST004: the environment makes commands of the system load a package's library. */
import { expect, it } from 'vitest'
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioSpec } from '../support/studio.ts'
import { findingsOf, inSystem, lib, otherLib, program } from '../support/studio.ts'

const base = { 'usr/bin/curl': program('libssl.so.3'), [inSystem('libssl.so.3')]: lib('libssl.so.3') }
const openssl = (libraryPath: readonly string[]): StudioSpec => ({
  packages: { 'openssl-3': { libraryPath, files: { 'lib/libssl.so.3': otherLib('libssl.so.3') } } },
  base,
})
const glibc = (libraryPath: readonly string[]): StudioSpec => ({
  packages: { 'glibc-2.38': { libraryPath, files: { 'lib/libc.so.6': otherLib('libc.so.6') } } },
  base: { 'usr/bin/curl': program('libc.so.6') },
})

ruleWorlds('HST004', {
  found: [
    {
      name: 'the tool and the library that it loads from a package',
      studio: openssl(['lib']),
      finds: ['openssl-3 libssl.so.3 warn'],
      says: ['/usr/bin/curl'],
      afterRepair: openssl([]),
    },
    {
      name: 'the C library itself, as an error',
      studio: glibc(['lib']),
      finds: ['glibc-2.38 libc.so.6 error'],
      afterRepair: glibc([]),
    },
  ],
  clean: [
    { name: 'while the folder is on no library path', studio: openssl([]) },
    { name: 'where no tool of the base needs the library', studio: { ...openssl(['lib']), base: {} } },
  ],
})

it('lists the tools', () => {
  const [finding] = findingsOf('HST004', openssl(['lib']))
  expect(finding).toMatchObject({ world: 'base', evidence: { tools: ['/usr/bin/curl'] } })
})
