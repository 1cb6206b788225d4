/** E10: PT_INTERP decides which loader serves a program; one that is not there ends a start, not a trace. */
import { expect, test } from 'vitest'
import { loaderBytes } from '../support/loader/stand-ins.ts'
import { DF_1_PIE, closure, trace, program } from '../support/loader/world.ts'

test('its own loader, with its own folders', () => {
  const files = {
    '/prog': { interpreter: '/mine/ld.so', flags1: DF_1_PIE, needs: ['liba.so'] },
    '/mine/ld.so': loaderBytes([2, 36], ['/mine/lib/', '/mine/usr/lib/']),
    '/mine/lib/liba.so': {},
    '/usr/lib/liba.so': {},
  }
  expect(trace(files, '/prog')).toEqual(['liba.so => /mine/lib/liba.so'])
})

test('one that is not there', () => {
  const files = { '/prog': program({ interpreter: '/gone/ld.so', needs: ['liba.so'] }), '/usr/lib/liba.so': {} }
  expect(trace(files, '/prog')).toEqual(['liba.so => /lib/liba.so'])
  expect(closure(files, '/prog').start).toMatch(/^\/gone\/ld.so: the interpreter does not exist/)
})
