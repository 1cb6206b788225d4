/** FIX004: A graft without what it loads in turn is told. */
import { graftOf, grafts } from '../support/repairs.ts'
import { ruleWorlds } from '../support/rule-worlds.ts'
import { inSystem, lib, program } from '../support/studio.ts'
import type { StudioSpec } from '../support/studio.ts'
import { library } from '../support/symbols.ts'

/** A tool that takes a library of the host, which takes another one; the base has neither. */
const LEAK: StudioSpec = {
  packages: { 'app-1.0': { tools: ['app'], files: { 'bin/app': program('libfoo.so.1', 'libc.so.6') } } },
  host: { [inSystem('libfoo.so.1')]: lib('libfoo.so.1', 'libbar.so.2'), [inSystem('libbar.so.2')]: lib('libbar.so.2') },
  base: {},
}
const both = ['libfoo.so.1', 'libbar.so.2']
const alone: StudioSpec = { ...LEAK, repairs: grafts(['libfoo.so.1']) }

/** The host's library demands a version of another one, which the base has without that version. */
const bar = (...versions: string[]) => ({ [inSystem('libbar.so.2')]: library('libbar.so.2', { versions }) })
const foo = { [inSystem('libfoo.so.1')]: library('libfoo.so.1', { wants: { 'libbar.so.2': ['f@BAR_2.1'] } }) }
const older: StudioSpec = {
  ...LEAK,
  host: { ...foo, ...bar('BAR_2.0', 'BAR_2.1') },
  base: bar('BAR_2.0'),
  repairs: grafts(['libfoo.so.1']),
}

/** A second graft of the same file, in a folder of its own under another name. */
const twice: StudioSpec['repairs'] = (context, host) =>
  grafts(['libfoo.so.1'])(context, host).map(({ path, file }) => {
    const own = file.grafts?.['libfoo.so.1'] ?? graftOf('libfoo.so.1', null)
    const apart = { ...own, dest: '{graft}/private/liba.so.1/libfoo.so.1' }
    return { path, file: { ...file, grafts: { 'liba.so.1': apart, 'libfoo.so.1': own } } }
  })

ruleWorlds('FIX004', {
  found: [
    {
      name: 'a graft whose own need is missing',
      studio: alone,
      finds: ['- contexts/studio.yaml grafts libfoo.so.1 error'],
      says: ['libbar.so.2'],
      afterRepair: [
        { ...LEAK, repairs: grafts(both) },
        { ...alone, base: { [inSystem('libbar.so.2')]: lib('libbar.so.2') } },
      ],
    },
    {
      name: 'a graft that demands a version which the copy of the image does not define',
      studio: older,
      finds: ['- contexts/studio.yaml grafts libfoo.so.1 error'],
      says: ['the graft demands BAR_2.1 of libbar.so.2, which'],
      afterRepair: [
        { ...older, base: bar('BAR_2.0', 'BAR_2.1') },
        { ...older, repairs: grafts(both) },
      ],
    },
    {
      name: 'the one of two grafts of a file that is loaded',
      studio: { ...LEAK, repairs: twice },
      finds: ['- contexts/studio.yaml grafts libfoo.so.1 error'],
    },
  ],
  clean: [
    { name: 'about a graft with its closure', studio: { ...LEAK, repairs: grafts(both) } },
    { name: 'where nothing is grafted', studio: LEAK },
  ],
})
