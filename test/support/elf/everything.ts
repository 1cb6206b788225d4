/** One file with every table the reader knows, and what the reader must say of it. */
import type { ElfObject } from '../../../src/domain/object.ts'
import type { ElfSpec } from './spec.ts'

export const EVERYTHING: ElfSpec = {
  interpreter: '/lib/ld.so.1',
  soname: 'libeverything.so.1',
  needs: [
    'libfirst.so.1',
    { kind: 'filter', name: 'libreal.so' },
    { kind: 'auxiliary', name: 'libfast.so' },
    'libn\udcffm.so',
    'libfirst.so.1',
    '',
  ],
  rpath: '$ORIGIN/../lib:/opt/a',
  runpath: '${ORIGIN}:',
  flags: 0x1e,
  flags1: 0x849,
  audit: 'libaudit.so',
  depaudit: 'libdepaudit.so',
  relr: true,
  versionNeeds: [
    { file: 'libfirst.so.1', versions: ['FIRST_1', { name: 'FIRST_2', weak: true }] },
    { file: 'libn\udcffm.so', versions: ['N_1'] },
  ],
  versionDefinitions: ['E_1', { name: 'E_2', parents: ['E_1'], weak: true }],
  symbols: [
    { name: 'old', version: 'E_1', hidden: true },
    { name: 'old', version: 'E_2' },
    { name: 'data', version: 'E_2', type: 1, binding: 10 },
    { name: 'plain', visibility: 3 },
    { name: 'wanted', defined: false, version: 'FIRST_1' },
    { name: 'maybe', defined: false, binding: 2 },
    { name: 'other', defined: false, version: 'N_1', file: 'libn\udcffm.so' },
  ],
  abiTag: { kernel: [3, 2, 1] },
  buildId: '00112233445566778899aabbccddeeff',
  properties: { 0xc0000002: 3, 0xc0008002: 5, 0xc0010002: 7, 0xb0000000: 1 },
  dlopen: [
    [
      { feature: 'zip', description: 'reads zips', priority: 'required', soname: ['libz.so.2', 'libz.so.1'] },
      { soname: ['libplain.so'] },
    ],
    [{ priority: 'suggested', soname: ['libnice.so'] }],
  ],
  executableStack: true,
}

/** Everything but the header and the segments, which depend on class and byte order. */
export const EVERYTHING_SAYS: Omit<ElfObject, 'header' | 'loads'> = {
  kind: 'library',
  interpreter: '/lib/ld.so.1',
  dynamic: true,
  soname: 'libeverything.so.1',
  needs: [
    { kind: 'needed', name: 'libfirst.so.1' },
    { kind: 'filter', name: 'libreal.so' },
    { kind: 'auxiliary', name: 'libfast.so' },
    { kind: 'needed', name: 'libn\udcffm.so' },
    { kind: 'needed', name: 'libfirst.so.1' },
    { kind: 'needed', name: '' },
  ],
  rpath: '$ORIGIN/../lib:/opt/a',
  runpath: '${ORIGIN}:',
  flags: 0x1e,
  flags1: 0x849,
  audit: 'libaudit.so',
  depaudit: 'libdepaudit.so',
  versionNeeds: [
    { file: 'libfirst.so.1', version: 'FIRST_1', weak: false },
    { file: 'libfirst.so.1', version: 'FIRST_2', weak: true },
    { file: 'libn\udcffm.so', version: 'N_1', weak: false },
  ],
  versionDefinitions: [
    { name: 'libeverything.so.1', base: true, weak: false, parents: [] },
    { name: 'E_1', base: false, weak: false, parents: [] },
    { name: 'E_2', base: false, weak: true, parents: ['E_1'] },
  ],
  hasVersionDefinitions: true,
  relr: true,
  abiTag: { os: 0, kernel: [3, 2, 1] },
  properties: { isaNeeded: 5, isaUsed: 7, features: 3 },
  buildId: '00112233445566778899aabbccddeeff',
  dlopen: [
    { feature: 'zip', description: 'reads zips', priority: 'required', sonames: ['libz.so.2', 'libz.so.1'] },
    { feature: null, description: null, priority: 'recommended', sonames: ['libplain.so'] },
    { feature: null, description: null, priority: 'suggested', sonames: ['libnice.so'] },
  ],
  executableStack: true,
}
