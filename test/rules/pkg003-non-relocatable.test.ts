/** PKG003: files of a package name the folder in which it stands. */
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioFile, StudioSpec } from '../support/studio.ts'
import { lib, program } from '../support/studio.ts'

const studio = (files: Readonly<Record<string, StudioFile>>): StudioSpec => ({ packages: { 'a-1': { files } } })
const withPath = (runpath: string): StudioFile => ({ elf: { soname: 'liba.so.1', runpath } })

ruleWorlds('PKG003', {
  found: [
    {
      name: 'a run path',
      studio: studio({ 'lib/liba.so.1': withPath('{repository}/a/1/lib') }),
      finds: ['a-1 run paths and scripts warn'],
      says: ['lib/liba.so.1 of a-1 names', 'works at no other path'],
      afterRepair: studio({ 'lib/liba.so.1': withPath('$ORIGIN') }),
    },
    {
      name: 'the interpreter of a script',
      studio: studio({ 'bin/python3': program('libc.so.6'), 'bin/pip': '#!{repository}/a/1/bin/python3\n' }),
      finds: ['a-1 run paths and scripts warn'],
    },
    {
      name: 'files that builds read, as a note',
      studio: studio({
        'lib/liba.so.1': lib('liba.so.1'),
        'lib/pkgconfig/a.pc': 'prefix={repository}/a/1\n',
        'lib/liba.la': "libdir='{repository}/a/1/lib'\n",
      }),
      finds: ['a-1 build files note'],
      says: ['lib/liba.la and lib/pkgconfig/a.pc'],
    },
  ],
  clean: [
    {
      name: 'about another package',
      studio: studio({ 'lib/pkgconfig/a.pc': 'prefix={repository}/a/1.5\nlibs={repository}/b/1\n' }),
    },
    {
      name: 'about files that find themselves',
      studio: studio({
        'lib/pkgconfig/a.pc': 'prefix=${pcfiledir}/../..\n',
        'bin/tool': '#!/usr/bin/env python3\n',
        'bin/python3': program('libc.so.6'),
      }),
    },
  ],
})
