/** DUP001: one soname, public copies in two packages that differ. */
import { expect, it } from 'vitest'
import { findingsOf, lib, otherLib, program, verdicts } from '../support/studio.ts'

const app = { requires: ['turbo'], files: { 'bin/a': program('libjpeg.so.62') } }
const reader = { files: { 'lib/libjpeg.so.62': otherLib('libjpeg.so.62') } }
const turbo = { files: { 'lib/libjpeg.so.62': lib('libjpeg.so.62') } }

it('names the copy that wins by the library path and whom it serves', () => {
  const [finding, ...more] = findingsOf('DUP001', { packages: { 'reader-1': reader, 'app-1': app, 'turbo-2': turbo } })
  expect(more).toEqual([])
  expect(finding).toMatchObject({ package: 'turbo-2', subject: 'libjpeg.so.62', severity: 'error' })
  expect(finding?.message).toContain('reader-1 lib/libjpeg.so.62 stands first on the library path and serves app-1')
})

it('is a note where only one of them is on the library path and nobody loads the other', () => {
  const packages = { 'reader-1': { ...reader, libraryPath: [] }, 'app-1': app, 'turbo-2': turbo }
  expect(verdicts('DUP001', { packages })).toEqual(['reader-1 libjpeg.so.62 note'])
})

it.each([
  ['the copies are one build', { 'reader-1': turbo, 'turbo-2': turbo }],
  [
    'one copy is private',
    { 'reader-1': { libraryPath: [], files: { 'x.libs/libjpeg.so.62': otherLib('libjpeg.so.62') } }, 'turbo-2': turbo },
  ],
  [
    'one package has both',
    { 'turbo-2': { files: { ...turbo.files, 'lib64/libjpeg.so.62': otherLib('libjpeg.so.62') } } },
  ],
])('is silent where %s', (_, packages) => {
  expect(verdicts('DUP001', { packages })).toEqual([])
})
