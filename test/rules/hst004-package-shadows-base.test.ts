/** HST004: the environment makes commands of the system load a package's library. */
import { expect, it } from 'vitest'
import { findingsOf, inSystem, lib, otherLib, program, verdicts } from '../support/studio.ts'

const base = { 'usr/bin/curl': program('libssl.so.3'), [inSystem('libssl.so.3')]: lib('libssl.so.3') }
const openssl = { files: { 'lib/libssl.so.3': otherLib('libssl.so.3') } }

it('names the tool and the library that it loads from a package', () => {
  const [finding, ...more] = findingsOf('HST004', { packages: { 'openssl-3': openssl }, base })
  expect(more).toEqual([])
  expect(finding).toMatchObject({
    package: 'openssl-3',
    subject: 'libssl.so.3',
    severity: 'warn',
    world: 'base',
    evidence: { tools: ['/usr/bin/curl'] },
  })
})

it('is an error for the C library itself', () => {
  const packages = { 'glibc-2.38': { files: { 'lib/libc.so.6': otherLib('libc.so.6') } } }
  expect(verdicts('HST004', { packages, base: { 'usr/bin/curl': program('libc.so.6') } })).toEqual([
    'glibc-2.38 libc.so.6 error',
  ])
})

it('is silent while the folder is on no library path', () => {
  expect(verdicts('HST004', { packages: { 'openssl-3': { ...openssl, libraryPath: [] } }, base })).toEqual([])
})
