/** RES004: a DT_NEEDED entry holds a path. */
import { expect, it } from 'vitest'
import { findingsOf, lib, program, verdicts } from '../support/studio.ts'

it('reports a path and whether the file is there', () => {
  const packages = { 'app-1': { files: { 'bin/app': program('/opt/vendor/libq.so') } } }
  const [finding] = findingsOf('RES004', { packages, host: { 'opt/vendor/libq.so': lib('libq.so') } })
  expect(finding).toMatchObject({ subject: '/opt/vendor/libq.so', severity: 'warn', evidence: { exists: ['host'] } })
  expect(finding?.message).toContain('does not exist in the base')
})

it('is silent about names, and about paths that start at $ORIGIN', () => {
  const files = {
    'bin/app': program('libq.so', '$ORIGIN/../lib/libr.so'),
    'lib/libq.so': lib('libq.so'),
    'lib/libr.so': lib('libr.so'),
  }
  expect(verdicts('RES004', { packages: { 'app-1': { files } } })).toEqual([])
})
