/** FIX004: A graft without what it loads in turn is told. */
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

test('a graft whose own need is missing', () => {
  const found = findingsOf('FIX004', grafted(['libfoo.so.1']))
  expect(found.map(({ subject }) => subject)).toEqual(['contexts/studio.yaml grafts libfoo.so.1'])
  expect(found[0]?.message).toContain('libbar.so.2')
})

test('a graft with its closure', () => {
  expect(findingsOf('FIX004', grafted(['libfoo.so.1', 'libbar.so.2']))).toEqual([])
})
