/** REQ005: several packages could satisfy a need, and none of them is required. */
import { expect, it } from 'vitest'
import { findingsOf, lib, otherLib, program, verdicts } from '../support/studio.ts'

const packages = {
  'app-1': { files: { 'bin/a': program('libjpeg.so.62') } },
  'turbo-2': { files: { 'lib/libjpeg.so.62': lib('libjpeg.so.62') } },
  'ijg-9': { files: { 'lib/libjpeg.so.62': otherLib('libjpeg.so.62') } },
}

it('names the candidates and the one that wins', () => {
  const [finding] = findingsOf('REQ005', { packages })
  expect(finding).toMatchObject({
    package: 'app-1',
    subject: 'libjpeg.so.62',
    severity: 'warn',
    evidence: { candidates: ['turbo-2', 'ijg-9'] },
  })
  expect(finding?.message).toContain('Today turbo-2 wins')
  expect(verdicts('REQ001', { packages })).toEqual(['app-1 turbo warn'])
})

it('is silent where one of them is required', () => {
  const required = { ...packages, 'app-1': { ...packages['app-1'], requires: ['ijg'] } }
  expect(verdicts('REQ005', { packages: required })).toEqual([])
  expect(verdicts('REQ001', { packages: required })).toEqual([])
})
