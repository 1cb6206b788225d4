/** RES003: found only because another object had loaded it first. */
import { expect, it } from 'vitest'
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioSpec } from '../support/studio.ts'
import { INTERPRETER, lib, verdicts } from '../support/studio.ts'

/** A program with a run path, and two private libraries of which one needs the other. */
const studio = (
  paths: { readonly runpath?: string; readonly rpath?: string },
  own: { readonly runpath?: string } = {},
  libraryPath: readonly string[] = [],
): StudioSpec => ({
  packages: {
    'app-1': {
      libraryPath,
      files: {
        'bin/app': { elf: { type: 'exec', interpreter: INTERPRETER, needs: ['libb.so.1', 'libc1.so.1'], ...paths } },
        'lib/private/libb.so.1': { elf: { soname: 'libb.so.1', needs: ['libc1.so.1'], ...own } },
        'lib/private/libc1.so.1': lib('libc1.so.1'),
      },
    },
  },
})
const PRIVATE = '$ORIGIN/../lib/private'

ruleWorlds('RES003', {
  found: [
    {
      name: 'a library that the run path of another object found: RUNPATH is not inherited',
      studio: studio({ runpath: PRIVATE }),
      finds: ['app-1 libc1.so.1 warn'],
      afterRepair: [
        studio({ runpath: PRIVATE }, { runpath: '$ORIGIN' }),
        studio({ runpath: PRIVATE }, {}, ['lib/private']),
      ],
    },
  ],
  clean: [
    { name: 'where RPATH is inherited', studio: studio({ rpath: PRIVATE }) },
    { name: 'where the object finds it itself', studio: studio({ runpath: PRIVATE }, { runpath: '$ORIGIN' }) },
  ],
})

it('is no missing library', () => {
  expect(verdicts('RES001', studio({ runpath: PRIVATE }))).toEqual([])
})
