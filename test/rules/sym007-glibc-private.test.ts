/** SYM007: what glibc keeps for itself. */
import { expect, it } from 'vitest'
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioFile, StudioSpec } from '../support/studio.ts'
import { findingsOf, inSystem } from '../support/studio.ts'
import { executable, library } from '../support/symbols.ts'

const GIVES = ['open@GLIBC_2.2.5', '__libc_siglongjmp@GLIBC_PRIVATE']
const studio = (files: Readonly<Record<string, StudioFile>>): StudioSpec => ({
  packages: { 'app-1': { files } },
  base: null,
  host: { [inSystem('libc.so.6')]: library('libc.so.6', { versions: ['GLIBC_2.2.5', 'GLIBC_PRIVATE'], gives: GIVES }) },
})
const asks = { wants: { 'libc.so.6': ['__libc_siglongjmp@GLIBC_PRIVATE', 'open@GLIBC_2.2.5'] } }
const open = executable({ wants: { 'libc.so.6': ['open@GLIBC_2.2.5'] } })
const piece = { 'lib/libpthread.so.0': library('libpthread.so.0', asks) }

ruleWorlds('SYM007', {
  found: [
    {
      name: 'the objects and the symbols',
      studio: studio({ 'bin/app': executable(asks) }),
      finds: ['app-1 GLIBC_PRIVATE error'],
      says: ['__libc_siglongjmp'],
      afterRepair: studio({ 'bin/app': open }),
    },
    {
      name: 'a piece of a C library, which should be left out',
      studio: studio({ 'bin/app': open, ...piece }),
      finds: ['app-1 GLIBC_PRIVATE error'],
      says: ['pieces of a C library'],
      afterRepair: studio({ 'bin/app': open }),
    },
  ],
  clean: [
    { name: 'about public versions', studio: studio({ 'bin/app': open }) },
    {
      name: 'about a package that carries the whole C library',
      studio: studio({ 'lib/libc.so.6': library('libc.so.6'), ...piece }),
    },
  ],
})

it('lists the symbols, and offers to leave the piece out', () => {
  expect(findingsOf('SYM007', studio({ 'bin/app': executable(asks) }))[0]).toMatchObject({
    objects: ['bin/app'],
    evidence: { symbols: ['__libc_siglongjmp'], count: 1 },
  })
  expect(findingsOf('SYM007', studio({ 'bin/app': open, ...piece }))[0]?.repairs).toEqual([
    expect.objectContaining({ kind: 'exclude', target: 'app-1 lib/libpthread.so.0' }),
  ])
})
