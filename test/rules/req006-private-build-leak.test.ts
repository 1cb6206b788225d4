/** REQ006: satisfied only by a build requirement. */
import { expect, it } from 'vitest'
import { lib, program, verdicts } from '../support/studio.ts'

const tbb = { files: { 'lib/libtbb.so.12': lib('libtbb.so.12') } }
const files = { 'bin/a': program('libtbb.so.12') }

it.each([{ buildRequires: ['tbb-2021'] }, { privateBuildRequires: ['tbb-2021'] }])(
  'reports %j instead of REQ001',
  (requires) => {
    const packages = { 'app-1': { files, ...requires }, 'tbb-2021.8': tbb }
    expect(verdicts('REQ006', { packages })).toEqual(['app-1 tbb warn'])
    expect(verdicts('REQ006', { packages, purpose: 'lint' })).toEqual(['app-1 tbb error'])
    expect(verdicts('REQ001', { packages })).toEqual([])
  },
)

it('is silent where requires names it as well', () => {
  const packages = { 'app-1': { files, requires: ['tbb'], buildRequires: ['tbb'] }, 'tbb-2021.8': tbb }
  expect(verdicts('REQ006', { packages })).toEqual([])
})
