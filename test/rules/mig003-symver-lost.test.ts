/** MIG003: the new base's library defines fewer version nodes than are demanded. */
import { expect, it } from 'vitest'
import { moveVerdicts, rowOf, targetOf } from '../support/move.ts'
import type { StudioFile, StudioSpec } from '../support/studio.ts'
import { inSystem, INTERPRETER } from '../support/studio.ts'

const libc = (...names: string[]): StudioFile => ({
  elf: {
    soname: 'libc.so.6',
    versionDefinitions: ['libc.so.6', ...names].map((name, at) => ({ name, index: at + 1, base: at === 0 })),
  },
})
const user = (weak = false): StudioFile => ({
  elf: {
    type: 'exec',
    interpreter: INTERPRETER,
    needs: ['libc.so.6'],
    versionNeeds: [{ file: 'libc.so.6', versions: [{ name: 'GLIBC_2.36', weak }] }],
  },
})
const spec = (file: StudioFile, base: StudioFile): StudioSpec => ({
  packages: { 'p-1': { files: { 'bin/a': file } } },
  host: { [inSystem('libc.so.6')]: libc('GLIBC_2.34', 'GLIBC_2.36') },
  base: { [inSystem('libc.so.6')]: base },
})

it('finds a version node that the new C library lacks: only a rebuild helps', () => {
  const moved = spec(user(), libc('GLIBC_2.34'))
  expect(moveVerdicts('MIG003', moved)).toEqual(['p-1 libc.so.6 error'])
  expect(rowOf(targetOf(moved), 'p-1')).toMatchObject({ verdict: 'rebuild', changes: [{ versions: ['GLIBC_2.36'] }] })
})

it('is silent where the node is there, where it is weak, and where nothing has versions', () => {
  expect(moveVerdicts('MIG003', spec(user(), libc('GLIBC_2.34', 'GLIBC_2.36')))).toEqual([])
  expect(moveVerdicts('MIG003', spec(user(true), libc('GLIBC_2.34')))).toEqual([])
  expect(moveVerdicts('MIG003', spec(user(), { elf: { soname: 'libc.so.6' } }))).toEqual([])
})
