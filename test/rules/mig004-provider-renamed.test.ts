/** MIG004: an OS package of another name brings a library on the new base. */
import { expect, it } from 'vitest'
import { moveVerdicts } from '../support/move.ts'
import type { StudioFile } from '../support/studio.ts'
import { inSystem, lib, program } from '../support/studio.ts'

const packages = { 'p-1': { files: { 'bin/a': program('libq.so.1') } } }
const owned = (name: string): Record<string, StudioFile> => ({
  [inSystem('libq.so.1')]: lib('libq.so.1'),
  'var/lib/dpkg/status': `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1-2\n`,
  [`var/lib/dpkg/info/${name}:amd64.list`]: '/usr/lib/x86_64-linux-gnu/libq.so.1\n',
})

it('finds another name of the package', () => {
  expect(moveVerdicts('MIG004', { packages, host: owned('libq1'), base: owned('libq1t64') })).toEqual([
    'p-1 libq.so.1 note',
  ])
})

it('is silent about the same name, and where no database tells', () => {
  expect(moveVerdicts('MIG004', { packages, host: owned('libq1'), base: owned('libq1') })).toEqual([])
  expect(
    moveVerdicts('MIG004', { packages, host: owned('libq1'), base: { [inSystem('libq.so.1')]: lib('libq.so.1') } }),
  ).toEqual([])
})
