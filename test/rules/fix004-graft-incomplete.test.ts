/** FIX004: A graft without what it loads in turn is told. */
import { grafts } from '../support/repairs.ts'
import { ruleWorlds } from '../support/rule-worlds.ts'
import { inSystem, lib, program } from '../support/studio.ts'
import type { StudioSpec } from '../support/studio.ts'

/** A tool that takes a library of the host, which takes another one; the base has neither. */
const LEAK: StudioSpec = {
  packages: { 'app-1.0': { tools: ['app'], files: { 'bin/app': program('libfoo.so.1', 'libc.so.6') } } },
  host: { [inSystem('libfoo.so.1')]: lib('libfoo.so.1', 'libbar.so.2'), [inSystem('libbar.so.2')]: lib('libbar.so.2') },
  base: {},
}
const both = ['libfoo.so.1', 'libbar.so.2']
const alone: StudioSpec = { ...LEAK, repairs: grafts(['libfoo.so.1']) }

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
  ],
  clean: [
    { name: 'about a graft with its closure', studio: { ...LEAK, repairs: grafts(both) } },
    { name: 'where nothing is grafted', studio: LEAK },
  ],
})
