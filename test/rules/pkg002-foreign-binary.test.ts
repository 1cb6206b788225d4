/** PKG002: payload for another machine. */
import { expect, it } from 'vitest'
import { EM_AARCH64 } from '../../src/domain/object.ts'
import { findingsOf, program, verdicts } from '../support/studio.ts'

const files = {
  'bin/a': program('libc.so.6'),
  'arm/libq.so.1': { elf: { machine: EM_AARCH64, soname: 'libq.so.1', needs: ['libnowhere.so.1'] } },
}

it('names the machine, and judges nothing else about the file', () => {
  const spec = { packages: { 'p-1': { files } } }
  const [finding] = findingsOf('PKG002', spec)
  expect(finding).toMatchObject({ subject: 'arm/libq.so.1', severity: 'note' })
  expect(finding?.message).toContain('AArch64')
  expect(verdicts('RES001', spec)).toEqual([])
})

it('is silent about the machine of the context', () => {
  expect(verdicts('PKG002', { packages: { 'p-1': { files: { 'bin/a': program('libc.so.6') } } } })).toEqual([])
})
