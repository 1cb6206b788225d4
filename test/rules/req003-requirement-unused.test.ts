/** REQ003: a package of libraries is required and no object needs any of them. */
import { expect, it } from 'vitest'
import { lib, program, verdicts } from '../support/studio.ts'

const tiff = { path: [], files: { 'lib/libtiff.so.6': lib('libtiff.so.6') } }
const app = (
  requires: string[],
  ...needs: string[]
): { readonly requires: string[]; readonly files: { 'bin/a': ReturnType<typeof program> } } => ({
  requires,
  files: { 'bin/a': program('libc.so.6', ...needs) },
})

it('reports a library package that no object uses', () => {
  expect(verdicts('REQ003', { packages: { 'app-1': app(['tiff']), 'tiff-4': tiff } })).toEqual(['app-1 tiff note'])
})

it.each([
  ['it is used', { 'app-1': app(['tiff'], 'libtiff.so.6'), 'tiff-4': tiff }],
  ['it has tools as well', { 'app-1': app(['tiff']), 'tiff-4': { ...tiff, tools: ['tiffinfo'] } }],
  ['it sets other variables', { 'app-1': app(['tiff']), 'tiff-4': { ...tiff, environment: { PYTHONPATH: 'python' } } }],
  ['the package only passes requirements on', { 'meta-1': { requires: ['tiff'], files: {} }, 'tiff-4': tiff }],
])('is silent where %s', (_, packages) => {
  expect(verdicts('REQ003', { packages })).toEqual([])
})
