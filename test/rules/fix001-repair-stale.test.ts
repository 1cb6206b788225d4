/** FIX001: A guard that does not match is told, and its entry clears nothing. */
import { expect, test } from 'vitest'
import type { RepairFile } from '../../src/domain/repair.ts'
import { fileDigest } from '../../src/tree/digest.ts'
import { findingsOf, inSystem, lib, program } from '../support/studio.ts'
import type { StudioSpec } from '../support/studio.ts'

/** A tool that takes a library of the host, which takes another one; the base has neither. */
const LEAK: StudioSpec = {
  packages: { 'app-1.0': { tools: ['app'], files: { 'bin/app': program('libfoo.so.1', 'libc.so.6') } } },
  host: { [inSystem('libfoo.so.1')]: lib('libfoo.so.1', 'libbar.so.2'), [inSystem('libbar.so.2')]: lib('libbar.so.2') },
  base: {},
}

function grafted(names: readonly string[], change: (sha256: string) => string = (sha256) => sha256): StudioSpec {
  return {
    ...LEAK,
    repairs: (_, host) => {
      const grafts = Object.fromEntries(
        names.map((name) => {
          const path = `/${inSystem(name)}`
          const sha256 = change(host === null ? '' : (fileDigest(host.tree, path) ?? '0'.repeat(64)))
          const source = { kind: 'host' as const, path }
          return [
            name,
            {
              source,
              sha256,
              dest: `{graft}/lib/${name}`,
              visible_to: ['*'],
              licence: { redistribution: 'review' as const },
            },
          ]
        }),
      )
      const env = { LD_LIBRARY_PATH: { '{graft}/lib': { op: 'append' as const, fixes: ['HST002'] } } }
      const file: RepairFile = {
        kind: 'context',
        subject: { context: 'studio', requests: [], packages: {} },
        grafts,
        env,
      }
      return [{ path: 'contexts/studio.yaml', file }]
    },
  }
}

test('a source that is another file stops the graft', () => {
  const spec = grafted(['libfoo.so.1', 'libbar.so.2'], (sha256) =>
    sha256.replace(/^./, (digit) => (digit === '0' ? '1' : '0')),
  )
  const found = findingsOf('FIX001', spec)
  expect(found.map(({ severity, subject }) => `${severity} ${subject}`)).toEqual([
    'error contexts/studio.yaml grafts libbar.so.2',
    'error contexts/studio.yaml grafts libfoo.so.1',
  ])
  expect(findingsOf('HST002', spec).map(({ subject }) => subject)).toEqual(['libfoo.so.1'])
})

test('the file that was planned for passes', () => {
  const spec = grafted(['libfoo.so.1', 'libbar.so.2'])
  expect(findingsOf('FIX001', spec)).toEqual([])
  expect(findingsOf('HST002', spec)).toEqual([])
})
