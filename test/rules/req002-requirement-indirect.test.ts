/** REQ002: reached only through another requirement. */
import { expect, it } from 'vitest'
import { findingsOf, lib, verdicts } from '../support/studio.ts'

const imath = { files: { 'lib/libImath.so.29': lib('libImath.so.29') } }
const exr = { requires: ['imath-3.1'], files: {} }
const oiio = { requires: ['openexr-3.1'], files: { 'lib/liboiio.so.2': lib('liboiio.so.2', 'libImath.so.29') } }

it('names the packages in between', () => {
  const spec = { packages: { 'oiio-2.4': oiio, 'openexr-3.1.5': exr, 'imath-3.1.6': imath } }
  const [finding] = findingsOf('REQ002', spec)
  expect(finding).toMatchObject({
    package: 'oiio-2.4',
    subject: 'imath',
    severity: 'warn',
    evidence: { via: ['openexr', 'imath'] },
  })
  expect(finding?.message).toContain('only through openexr')
  expect(verdicts('REQ001', spec)).toEqual([])
})

it('is silent where the package is required directly', () => {
  const packages = {
    'oiio-2.4': { ...oiio, requires: ['imath', 'openexr-3.1'] },
    'openexr-3.1.5': exr,
    'imath-3.1.6': imath,
  }
  expect(verdicts('REQ002', { packages })).toEqual([])
})
