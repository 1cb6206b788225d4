/** RES002: only candidates of another class or machine. */
import { expect, it } from 'vitest'
import { inSystem, lib, program, verdicts } from '../support/studio.ts'

const app = { files: { 'bin/app': program('libq.so.1') } }
const small = { 'lib/libq.so.1': { elf: { class: 32 as const, soname: 'libq.so.1' } } }

it('reports the file that the search passes over, and RES001 is silent', () => {
  const spec = { packages: { 'app-1': app, 'q-1': { files: small } } }
  expect(verdicts('RES002', spec)).toEqual(['app-1 libq.so.1 error'])
  expect(verdicts('RES001', spec)).toEqual([])
})

it('is silent where a later folder has the right one', () => {
  const right = { [inSystem('libq.so.1')]: lib('libq.so.1') }
  expect(verdicts('RES002', { packages: { 'app-1': app, 'q-1': { files: small } }, host: right, base: right })).toEqual(
    [],
  )
})
