/** ENV006: a package sets a search path anew. */
import { expect, it } from 'vitest'
import type { Environment } from '../../src/domain/context.ts'
import { context } from '../rez/commands/context.ts'
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioSpec } from '../support/studio.ts'
import { lib } from '../support/studio.ts'

const lost = (variable: string, folder: string): StudioSpec => ({
  packages: {
    'tiff-4': { files: { 'lib/libtiff.so.6': lib('libtiff.so.6') }, libraryPath: [] },
    'app-1': { files: {} },
  },
  overwritten: [{ variable, value: `{repository}/tiff/4/${folder}`, package: 'tiff-4', by: 'app-1' }],
})

ruleWorlds('ENV006', {
  found: [
    {
      name: 'a folder with libraries of the context',
      studio: lost('LD_LIBRARY_PATH', 'lib'),
      finds: ['app-1 LD_LIBRARY_PATH error'],
      says: ['app-1 sets LD_LIBRARY_PATH anew', 'tiff-4', 'libtiff.so.6'],
      afterRepair: { ...lost('LD_LIBRARY_PATH', 'lib'), overwritten: [] },
    },
    {
      name: 'a folder without libraries',
      studio: lost('LD_LIBRARY_PATH', 'lib64'),
      finds: ['app-1 LD_LIBRARY_PATH warn'],
    },
    { name: 'another path', studio: lost('PYTHONPATH', 'lib'), finds: ['app-1 PYTHONPATH warn'] },
  ],
  clean: [{ name: 'where nothing is lost', studio: { ...lost('PATH', 'bin'), overwritten: [] } }],
})

/** What is lost when a second package has these commands. */
function overwritten(second: string, first = `env.LD_LIBRARY_PATH.append('{root}/lib')`): Environment['overwritten'] {
  const body = (text: string): string => `def commands():\n${text.replace(/^/gm, '    ')}\n`
  return context({ tiff: body(first), app: body(second) }).environment.overwritten
}

const tiff = { variable: 'LD_LIBRARY_PATH', value: '/repo/tiff/1.2.3/lib', package: 'tiff-1.2.3', by: 'app-1.2.3' }

it.each([
  [`env.LD_LIBRARY_PATH = '{root}/lib'`],
  [`setenv('LD_LIBRARY_PATH', '{root}/lib')\nenv.LD_LIBRARY_PATH.append('/x')`],
  [`env.LD_LIBRARY_PATH.unset()`],
  [`resetenv('LD_LIBRARY_PATH', '{root}/lib')`],
])('%s loses what was there', (second) => {
  expect(overwritten(second)).toEqual([tiff])
})

it.each([
  [`env.LD_LIBRARY_PATH.prepend('{root}/lib')`],
  [`env.LD_LIBRARY_PATH = '{root}/lib:\${LD_LIBRARY_PATH}'`],
  [`env.LD_LIBRARY_PATH = '{root}/lib:{env.LD_LIBRARY_PATH}'`],
  [`env.LD_LIBRARY_PATH = '{root}/lib'\nenv.LD_LIBRARY_PATH.append('{resolve.tiff.root}/lib')`],
])('%s loses nothing', (second) => {
  expect(overwritten(second)).toEqual([])
})

it('counts a variable as a search path when somebody appends to it', () => {
  expect(overwritten(`env.X = 'b'`, `env.X = 'a'`)).toEqual([])
  expect(overwritten(`env.X = 'b'`, `env.X.append('a')`)).toHaveLength(1)
  expect(overwritten(`env.PATH = 'b'`, `env.PATH = 'a'`)).toHaveLength(1)
})

it('does not count what a package itself had put there', () => {
  expect(overwritten(`pass`, `env.PATH.append('a')\nenv.PATH = 'b'`)).toEqual([])
})
