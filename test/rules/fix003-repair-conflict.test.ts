/** FIX003: What is never done, and two decisions about one thing. */
import { expect, test } from 'vitest'
import type { RepairFile } from '../../src/domain/repair.ts'
import { findingsOf, lib } from '../support/studio.ts'
import type { StudioSpec } from '../support/studio.ts'

const DIGEST = '0'.repeat(64)

function studio(...files: readonly RepairFile[]): StudioSpec {
  return {
    packages: { 'tiff-4.5': { files: { 'lib/libtiff.so.6': lib('libtiff.so.6') } } },
    repairs: () => files.map((file) => ({ path: `${file.kind}s/x.yaml`, file })),
  }
}

function context(sections: Partial<RepairFile>): RepairFile {
  return { kind: 'context', subject: { context: 'studio', requests: [], packages: {} }, ...sections }
}

test.each(['libc.so.6', 'ld-linux-x86-64.so.2', 'libcuda.so.1'])('%s is never grafted', (name) => {
  const graft = {
    source: { kind: 'host' as const, path: `/usr/lib/${name}` },
    sha256: DIGEST,
    dest: `{graft}/lib/${name}`,
    visible_to: ['*'],
    licence: { redistribution: 'review' as const },
  }
  const found = findingsOf('FIX003', studio(context({ grafts: { [name]: graft } })))
  expect(found.map(({ subject }) => subject)).toEqual([`contexts/x.yaml grafts ${name}`])
})

test('two decisions about one link', () => {
  const link = (target: string): Partial<RepairFile> => ({ symlinks: { '{tiff}/lib/libtiff.so': { target } } })
  const own: RepairFile = { kind: 'package', subject: { package: 'tiff', version: '4.5' }, ...link('libtiff.so.6') }
  expect(findingsOf('FIX003', studio(own, context(link('libtiff.so.5'))))).toHaveLength(1)
  expect(findingsOf('FIX003', studio(own, context(link('libtiff.so.6'))))).toEqual([])
})
