/** RES007: a name looks like a library that is opened, and would not be found. */
import { expect, it } from 'vitest'
import { readElf } from '../../src/elf/read.ts'
import { buildElf } from '../support/elf/build.ts'
import { sourceOf } from '../support/elf/source.ts'
import type { ElfSpec } from '../support/elf/spec.ts'
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioFile, StudioSpec } from '../support/studio.ts'
import { findingsOf, INTERPRETER, inSystem, lib, program } from '../support/studio.ts'

function opener(text: string, ...imports: readonly string[]): { readonly elf: ElfSpec } {
  const symbols = imports.map((name) => ({ name, defined: false }))
  return {
    elf: {
      type: 'exec',
      interpreter: INTERPRETER,
      needs: ['libdl.so.2', 'libc.so.6'],
      symbols,
      data: Buffer.from(text, 'latin1'),
    },
  }
}
const libdl = { [inSystem('libdl.so.2')]: lib('libdl.so.2') }
const pulse = { [inSystem('libpulse.so.0')]: lib('libpulse.so.0') }
const studio = (
  files: Readonly<Record<string, StudioFile>>,
  more: Readonly<Record<string, StudioFile>> = {},
): StudioSpec => ({
  packages: { 'app-1': { files } },
  host: { ...libdl, ...more },
  base: libdl,
})
const text = '\0hello\0libpulse.so.0\0world\0'

ruleWorlds('RES007', {
  found: [
    {
      name: 'a name in an object that imports dlopen',
      studio: studio({ 'bin/app': opener(text, 'dlopen') }),
      finds: ['app-1 libpulse.so.0 note'],
      says: ['bin/app) seems to open libpulse.so.0', 'on the host or in the base'],
      afterRepair: studio({ 'bin/app': opener(text, 'dlopen'), 'lib/libpulse.so.0': lib('libpulse.so.0') }),
    },
    {
      name: 'one that the host has and the base has not',
      studio: studio({ 'bin/app': opener(text, 'dlopen') }, pulse),
      finds: ['app-1 libpulse.so.0 warn'],
      says: ['The host has it'],
    },
    {
      name: 'a literal in a Python file',
      studio: studio({
        'bin/app': program('libc.so.6'),
        'python/sound.py': "import ctypes\nP = ctypes.CDLL('libpulse.so.0')\n",
      }),
      finds: ['app-1 libpulse.so.0 note'],
      says: ['python/sound.py'],
    },
  ],
  clean: [
    { name: 'about an object that does not import dlopen', studio: studio({ 'bin/app': opener(text, 'puts') }) },
    {
      name: 'about a longer text',
      studio: studio({ 'bin/app': opener('\0cannot load libpulse.so.0\0/x/libpulse.so.0\0', 'dlopen') }),
    },
    {
      name: 'where another name of the library is found',
      studio: studio({ 'bin/app': opener('\0libc.so\0libdl.so\0libdl.so.2\0', 'dlopen') }),
    },
    {
      name: 'about what some package has, wherever it lies',
      studio: studio({ 'bin/app': opener(text, 'dlopen'), 'deep/libpulse.so.0': lib('libpulse.so.0') }),
    },
    {
      name: 'about a Python file that puts its name together, and one without ctypes',
      studio: studio({
        'bin/app': program('libc.so.6'),
        'a.py': "import ctypes\nctypes.CDLL(name + 'libq.so.1')",
        'b.py': "CDLL('libq.so.1')",
      }),
    },
  ],
})

it('is marked as a guess', () => {
  expect(findingsOf('RES007', studio({ 'bin/app': opener(text, 'dlopen') }))[0]?.confidence).toBe('heuristic')
})

it('finds a name that lies across the border of what is read at once', () => {
  const border = 1 << 17
  const app = (before: number): { readonly elf: ElfSpec } => opener(`${'x'.repeat(before)}${text}`, 'dlopen')
  const offsetOf = ({ elf }: { readonly elf: ElfSpec }): number => {
    const bytes = Buffer.from(buildElf(elf))
    const { object } = readElf(sourceOf(bytes), 'app')
    const at = bytes.indexOf('libpulse.so.0')
    const load = object?.loads.find(({ offset, fileSize }) => offset <= at && at < offset + fileSize)
    return at - (load?.offset ?? 0)
  }
  const before = border - offsetOf(app(border)) + border
  for (const shift of [-14, -13, -4, 0, 1]) {
    const file = app(before + shift)
    expect(offsetOf(file)).toBe(border + shift)
    expect(findingsOf('RES007', studio({ 'bin/app': file }))).toHaveLength(1)
  }
})
