/** SYM007: what glibc keeps for itself. */
import { describe, expect, it } from 'vitest'
import type { StudioSpec } from '../support/studio.ts'
import { findingsOf, verdicts } from '../support/studio.ts'
import { executable, library } from '../support/symbols.ts'

const audit = (packages: StudioSpec['packages']): StudioSpec => ({ packages, base: null })
const asks = { wants: { 'libc.so.6': ['__libc_siglongjmp@GLIBC_PRIVATE', 'open@GLIBC_2.2.5'] } }

describe('glibc-private', () => {
  it('names the objects and the symbols', () => {
    const [finding, ...more] = findingsOf('SYM007', audit({ 'app-1': { files: { 'bin/app': executable(asks) } } }))
    expect(more).toEqual([])
    expect(finding).toMatchObject({
      package: 'app-1',
      subject: 'GLIBC_PRIVATE',
      severity: 'error',
      objects: ['bin/app'],
      evidence: { symbols: ['__libc_siglongjmp'], count: 1 },
    })
  })

  it('says of a piece of a C library that it should be left out', () => {
    const files = { 'lib/libpthread.so.0': library('libpthread.so.0', asks) }
    const [finding] = findingsOf('SYM007', audit({ 'app-1': { files } }))
    expect(finding?.message).toContain('pieces of a C library')
    expect(finding?.repairs).toEqual([
      expect.objectContaining({ kind: 'exclude', target: 'app-1 lib/libpthread.so.0' }),
    ])
  })

  it('is gone without the piece, with public versions only, and in a package that carries the whole C library', () => {
    const open = executable({ wants: { 'libc.so.6': ['open@GLIBC_2.2.5'] } })
    expect(verdicts('SYM007', audit({ 'app-1': { files: { 'bin/app': open } } }))).toEqual([])
    const whole = { 'lib/libc.so.6': library('libc.so.6'), 'lib/libpthread.so.0': library('libpthread.so.0', asks) }
    expect(verdicts('SYM007', audit({ 'glibc-2.36': { files: whole } }))).toEqual([])
  })
})
