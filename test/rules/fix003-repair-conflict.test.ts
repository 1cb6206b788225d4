/** FIX003: What is never done, and two decisions about one thing. */
import type { RepairFile } from '../../src/domain/repair.ts'
import { contextFile, graftOf } from '../support/repairs.ts'
import type { FoundWorld } from '../support/rule-worlds.ts'
import { ruleWorlds } from '../support/rule-worlds.ts'
import { lib } from '../support/studio.ts'
import type { StudioSpec } from '../support/studio.ts'

const studio = (...files: readonly RepairFile[]): StudioSpec => ({
  packages: { 'tiff-4.5': { files: { 'lib/libtiff.so.6': lib('libtiff.so.6') } } },
  repairs: () => files.map((file) => ({ path: `${file.kind}s/x.yaml`, file })),
})
const never = (name: string): FoundWorld => ({
  name: `a graft of ${name}, which is never grafted`,
  studio: studio(contextFile({ grafts: { [name]: graftOf(name, null) } })),
  finds: [`- contexts/x.yaml grafts ${name} error`],
  says: [`${name} must not be grafted`],
  afterRepair: studio(contextFile({})),
})

const link = (target: string): Partial<RepairFile> => ({ symlinks: { '{tiff}/lib/libtiff.so': { target } } })
const own: RepairFile = { kind: 'package', subject: { package: 'tiff', version: '4.5' }, ...link('libtiff.so.6') }

ruleWorlds('FIX003', {
  found: [
    never('libc.so.6'),
    never('ld-linux-x86-64.so.2'),
    never('libcuda.so.1'),
    {
      name: 'two decisions about one link',
      studio: studio(own, contextFile(link('libtiff.so.5'))),
      finds: ['- contexts/x.yaml symlinks {tiff}/lib/libtiff.so error'],
      afterRepair: [studio(own), studio(own, contextFile(link('libtiff.so.6')))],
    },
  ],
  clean: [{ name: 'about two files of one mind', studio: studio(own, contextFile(link('libtiff.so.6'))) }],
})
