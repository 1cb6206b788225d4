/** RES009: a library link leads nowhere. */
import { expect, it } from 'vitest'
import { findingsOf, inSystem, lib, verdicts } from '../support/studio.ts'

it('reports a link out of the package that only the host can follow', () => {
  const files = { 'lib/libz.so.1': { link: '/usr/lib/x86_64-linux-gnu/libz.so.1' } }
  const [finding] = findingsOf('RES009', {
    packages: { 'z-1': { files } },
    host: { [inSystem('libz.so.1')]: lib('libz.so.1') },
  })
  expect(finding).toMatchObject({ package: 'z-1', subject: 'libz.so.1', severity: 'warn', world: 'base' })
})

it('is a note for a link that only a linker asks for', () => {
  expect(verdicts('RES009', { packages: { 'z-1': { files: { 'lib/libz.so': { link: 'gone' } } } } })).toEqual([
    'z-1 libz.so note',
  ])
})

it('is silent about links that lead somewhere, and about links that are no library', () => {
  const files = {
    'lib/libz.so.1.2': lib('libz.so.1'),
    'lib/libz.so.1': { link: 'libz.so.1.2' },
    'share/icon.png': { link: 'gone' },
  }
  expect(verdicts('RES009', { packages: { 'z-1': { files } } })).toEqual([])
})
