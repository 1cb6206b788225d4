/** HST008: a link-time stub would be loaded at run time. */
import { expect, it } from 'vitest'
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioSpec } from '../support/studio.ts'
import { INTERPRETER, inSystem, lib, verdicts } from '../support/studio.ts'

const studio = (libraryPath: readonly string[], runpath?: string): StudioSpec => {
  const paths = runpath === undefined ? {} : { runpath }
  return {
    packages: {
      'r-1': {
        requires: ['cuda'],
        files: { 'bin/r': { elf: { type: 'exec', interpreter: INTERPRETER, needs: ['libcuda.so.1'], ...paths } } },
      },
      'cuda-12': { libraryPath, files: { 'lib64/stubs/libcuda.so.1': lib('libcuda.so.1') } },
    },
    host: { [inSystem('libcuda.so.1')]: lib('libcuda.so.1') },
  }
}
const onPath = studio(['lib64/stubs'])

ruleWorlds('HST008', {
  found: [
    {
      name: 'the stub on the library path',
      studio: onPath,
      finds: ['r-1 libcuda.so.1 error'],
      afterRepair: studio([]),
    },
    {
      name: 'the stub on a run path',
      studio: studio([], '$ORIGIN/../../../cuda/12/lib64/stubs'),
      finds: ['r-1 libcuda.so.1 error'],
      afterRepair: studio([]),
    },
  ],
  clean: [{ name: 'while the stubs are on no search path', studio: studio([]) }],
})

it('is the only rule of the family to say so', () => {
  for (const rule of ['HST001', 'HST002', 'HST003', 'HST006']) expect(verdicts(rule, onPath)).toEqual([])
})
