/** RES008: a file with that DT_SONAME exists, the link does not. */
import { expect, it } from 'vitest'
import { findingsOf, lib, program, verdicts } from '../support/studio.ts'

const app = { files: { 'bin/app': program('libtbb.so.2') } }
const tbb = { 'lib/libtbb.so.2.3': lib('libtbb.so.2') }

it('names the file and the link, and RES001 is silent', () => {
  const packages = { 'app-1': app, 'tbb-2020': { files: tbb } }
  const [finding, ...more] = findingsOf('RES008', { packages })
  expect(more).toEqual([])
  expect(finding).toMatchObject({ package: 'app-1', subject: 'libtbb.so.2', severity: 'error' })
  expect(finding?.repairs[0]?.text).toBe('ln -s libtbb.so.2.3 lib/libtbb.so.2 in tbb-2020.')
  expect(verdicts('RES001', { packages })).toEqual([])
})

it('is silent where the link is there', () => {
  const files = { ...tbb, 'lib/libtbb.so.2': { link: 'libtbb.so.2.3' } }
  expect(verdicts('RES008', { packages: { 'app-1': app, 'tbb-2020': { files } } })).toEqual([])
})
