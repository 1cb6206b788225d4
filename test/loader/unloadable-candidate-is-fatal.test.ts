/** C3: a candidate that is no proper object ends everything, though a good one lies further on. */
import { expect, test } from 'vitest'
import type { FileSpec } from '../support/loader/world.ts'
import { trace, program } from '../support/loader/world.ts'

const CASES: readonly (readonly [string, FileSpec])[] = [
  ['invalid ELF header', `INPUT ( libb.so )\n${' '.repeat(80)}`],
  ['file too short', 'GROUP ( libb.so )\n'],
  ['file too short', ''],
  ['cannot read file data: Is a directory', null],
  ['ELF file data encoding not little-endian', { header: { data: 2 } }],
  ['ELF file version ident does not match current one', { header: { identVersion: 0 } }],
  ['ELF file version does not match current one', { header: { version: 2 } }],
  ['ELF file OS ABI invalid', { header: { osabi: 9 } }],
  ['ELF file ABI version invalid', { header: { abiVersion: 1 } }],
  ['ELF file ABI version invalid', { header: { osabi: 3, abiVersion: 9 } }],
  ['nonzero padding in e_ident', { header: { padding: 1 } }],
  ['only ET_DYN and ET_EXEC can be loaded', { type: 1 }],
  ["ELF file's phentsize not the expected size", { header: { phentsize: 64 } }],
]

test.each(CASES)('%s', (message, decoy) => {
  const files = {
    '/prog': program({ needs: ['liba.so'], runpath: '/one:/two' }),
    '/one/liba.so': decoy,
    '/two/liba.so': {},
  }
  expect(trace(files, '/prog')).toEqual([`fatal: /one/liba.so: ${message}`])
})
