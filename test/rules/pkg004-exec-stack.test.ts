/** PKG004: an object asks for an executable stack. */
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioFile, StudioSpec } from '../support/studio.ts'

const module = (executableStack: boolean): StudioFile => ({ elf: { needs: ['libc.so.6'], executableStack } })
const studio = (path: string, executableStack: boolean, glibc?: string): StudioSpec => ({
  packages: { 'a-1': { files: { [path]: module(executableStack) } } },
  ...(glibc === undefined ? {} : { baseGlibc: glibc }),
})

ruleWorlds('PKG004', {
  found: [
    {
      name: 'a library, which still loads at start',
      studio: studio('lib/liba.so.1', true, '2.41'),
      finds: ['a-1 lib/liba.so.1 warn'],
      afterRepair: studio('lib/liba.so.1', false, '2.41'),
    },
    {
      name: 'a plugin, which a newer base refuses',
      studio: studio('plugins/a.so', true, '2.41'),
      finds: ['a-1 plugins/a.so error'],
      says: ['dlopen, which the base refuses'],
    },
    {
      name: 'a plugin that both systems still open',
      studio: studio('plugins/a.so', true),
      finds: ['a-1 plugins/a.so warn'],
    },
  ],
  clean: [{ name: 'about any other object', studio: studio('plugins/a.so', false, '2.41') }],
})
