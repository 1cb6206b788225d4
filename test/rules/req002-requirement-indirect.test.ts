/** REQ002: reached only through another requirement. */
import { expect, it } from 'vitest'
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioSpec } from '../support/studio.ts'
import { findingsOf, lib, verdicts } from '../support/studio.ts'

const studio = (requires: readonly string[]): StudioSpec => ({
  packages: {
    'oiio-2.4': { requires, files: { 'lib/liboiio.so.2': lib('liboiio.so.2', 'libImath.so.29') } },
    'openexr-3.1.5': { requires: ['imath-3.1'], files: {} },
    'imath-3.1.6': { files: { 'lib/libImath.so.29': lib('libImath.so.29') } },
  },
})
const indirect = studio(['openexr-3.1'])

ruleWorlds('REQ002', {
  found: [
    {
      name: 'the packages in between',
      studio: indirect,
      finds: ['oiio-2.4 imath warn'],
      says: ['only through openexr'],
      afterRepair: studio(['openexr-3.1', 'imath-3.1']),
    },
  ],
  clean: [
    { name: 'where the package is required directly', studio: studio(['imath', 'openexr-3.1']) },
    { name: 'where nothing leads to the package, which is another rule', studio: studio([]) },
  ],
})

it('tells the way, and takes the place of REQ001', () => {
  expect(findingsOf('REQ002', indirect)[0]?.evidence).toMatchObject({ via: ['openexr', 'imath'] })
  expect(verdicts('REQ001', indirect)).toEqual([])
})
