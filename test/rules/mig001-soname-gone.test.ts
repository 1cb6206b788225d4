/** MIG001: the new base lacks a library that the old one gave. */
import { expect, it } from 'vitest'
import { moveVerdicts, rowOf, targetOf } from '../support/move.ts'
import { inSystem, lib, program } from '../support/studio.ts'
import type { StudioSpec } from '../support/studio.ts'

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

/** libq1 of the new base relies on a libdep1, which a package carries in some version. */
function moved(version: string, least: string, more = ''): StudioSpec {
  return {
    packages: {
      'p-1': { files: { 'bin/a': program('libq.so.1', 'libc.so.6') } },
      [`dep-${version}`]: { files: { 'lib/libdep.so.1': lib('libdep.so.1') } },
    },
    host: { [inSystem('libq.so.1')]: lib('libq.so.1', 'libdep.so.1') },
    base: {
      'var/lib/apt/lists/x_Packages': `Package: libq1\nVersion: 9\nDepends: libc6 (>= 2.30), ${more || `libdep1 (>= ${least}) | other`}\n\nPackage: libmiddle1\nVersion: 9\nPre-Depends: libdep1 (>= ${least})\n\nPackage: libdep1\nVersion: 9\n`,
    },
  }
}

it('says that an OS package does not fit beside an older copy of what it relies on, and has the old file carried', () => {
  const spec = moved('1.2.0', '1.3.0~')
  expect(rowOf(targetOf(spec), 'p-1')).toMatchObject({
    verdict: 'grafts',
    changes: [
      {
        os_package: 'libq1',
        reason:
          'the OS package libq1 brings it, but libq1 relies on libdep1 1.3.0~ or later, which the older copy of dep-1.2.0 hides',
      },
    ],
  })
  expect(targetOf(spec).os_packages).toEqual([])
  const [finding] = targetOf(spec).findings.filter(({ rule }) => rule === 'MIG001')
  expect(finding).toMatchObject({ severity: 'warn', confidence: 'inferred' })
  expect(finding?.repairs.map(({ kind }) => kind)).toEqual(['graft', 'advice'])
})

it('says so of what comes with the OS package', () => {
  const row = rowOf(targetOf(moved('1.2.0', '1.3.0', 'libmiddle1')), 'p-1')
  expect(row.changes[0]?.reason).toContain('libmiddle1 relies on libdep1 1.3.0 or later')
})

it.each([
  ['1.3.0', '1.3'],
  ['1.10', '1:1.9-2'],
  ['2.0', '1.9+dfsg-1'],
  ['nightly', '1.9'],
])('installs the OS package beside a copy of %s where %s is wanted', (version, least) => {
  expect(rowOf(targetOf(moved(version, least)), 'p-1').verdict).toBe('os-packages')
})
