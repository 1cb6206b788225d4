/** MIG001: the new base lacks a library that the old one gave. */
import { expect, it } from 'vitest'
import { moveVerdicts, rowOf, targetOf } from '../support/move.ts'
import { inSystem, lib, program } from '../support/studio.ts'

const packages = { 'p-1': { files: { 'bin/a': program('libq.so.1', 'libc.so.6') } } }
const host = { [inSystem('libq.so.1')]: lib('libq.so.1', 'libr.so.2'), [inSystem('libr.so.2')]: lib('libr.so.2') }

it('finds what the old base gave and the new one does not', () => {
  const plan = targetOf({ packages, host, base: {} })
  expect(moveVerdicts('MIG001', { packages, host, base: {} })).toEqual(['p-1 libq.so.1 error'])
  expect(rowOf(plan, 'p-1').verdict).toBe('grafts')
  // What the file loads in turn comes with it.
  expect(plan.grafts[0]?.files.map((file) => file.slice(file.lastIndexOf('/') + 1))).toEqual(['libq.so.1', 'libr.so.2'])
})

it('names the OS package that the lists of the new base offer, under its new name as well', () => {
  const owned = {
    ...host,
    'var/lib/dpkg/status': 'Package: libq1\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1-2\n',
    'var/lib/dpkg/info/libq1:amd64.list': '/usr/lib/x86_64-linux-gnu/libq.so.1\n',
  }
  const base = {
    'var/lib/apt/lists/x_Packages': 'Package: libq1t64\nVersion: 2\nProvides: libz9, libq1 (= 2)\n\nPackage: zebra\n',
  }
  const plan = targetOf({ packages, host: owned, base })
  expect(rowOf(plan, 'p-1')).toMatchObject({ verdict: 'os-packages', changes: [{ os_package: 'libq1t64' }] })
  expect(moveVerdicts('MIG001', { packages, host: owned, base })).toEqual(['p-1 libq.so.1 warn'])
})

it('is silent about what the new base has, what a package brings, and what was missing before', () => {
  expect(moveVerdicts('MIG001', { packages, host, base: host })).toEqual([])
  const carried = { ...packages, 'q-1': { files: { 'lib/libq.so.1': lib('libq.so.1') } } }
  expect(moveVerdicts('MIG001', { packages: carried, host, base: {} })).toEqual([])
  expect(moveVerdicts('MIG001', { packages, host: {}, base: {} })).toEqual([])
  expect(rowOf(targetOf({ packages, host: {}, base: {} }), 'p-1').verdict).toBe('broken')
})
