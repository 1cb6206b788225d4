/** `closure --repairs`: what the loader loads in a root as it will be repaired. */
import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { openClosurePlace } from '../../src/app/closure.ts'
import { faultText } from '../../src/domain/fault.ts'
import type { RepairFile } from '../../src/domain/repair.ts'
import { buildElf } from '../support/elf/build.ts'
import { program } from '../support/loader/world.ts'
import { repairsFolder } from '../support/repairs-folder.ts'
import { systemFolder } from '../support/studio.ts'
import { fillFolder, makeFolder } from '../support/system/folder.ts'

const library = buildElf({ soname: 'libq.so.1' })
const host = makeFolder({ 'usr/lib/libq.so.1.0': library })
const root = systemFolder({})
fillFolder(root, {
  'rez/app/1/bin/p': buildElf(program({ needs: ['libq.so.1', 'libown.so.2'] })),
  'rez/app/1/lib/libown.so.2.0': buildElf({ soname: 'libown.so.2' }),
})

const packages: Readonly<Record<string, RepairFile>> = {
  'packages/app/1.yaml': {
    kind: 'package',
    subject: { package: 'app', version: '1' },
    symlinks: { '{app}/lib/libown.so.2': { target: 'libown.so.2.0' } },
    env: { LD_LIBRARY_PATH: { '{app}/lib': { op: 'append' } } },
  },
}
const sections = (sha256: string): Partial<RepairFile> => ({
  subject: { context: 'c', requests: [], packages: { app: '1' } },
  grafts: {
    'libq.so.1': {
      source: { kind: 'host', path: '/usr/lib/libq.so.1.0' },
      sha256,
      dest: '{graft}/lib/libq.so.1.0',
      symlinks: { 'libq.so.1': 'libq.so.1.0' },
      visible_to: ['*'],
      licence: { redistribution: 'review' },
    },
  },
  env: { LD_LIBRARY_PATH: { '{graft}/lib': { op: 'append' } } },
})

async function placeWith(sha256: string) {
  const folder = repairsFolder({ context: sections(sha256), packages, places: { app: ['/rez/app/1'] }, host })
  const repairs = { folder, context: null, host: null }
  const plan = { root, mounts: [], libraryPath: '/first', preload: null, cpu: null, inside: null, repairs }
  const place = await openClosurePlace(plan)
  if ('message' in place) throw new Error(faultText(place))
  return place
}

test('grafts, links and paths are in place, and the root is as it was', async () => {
  const place = await placeWith(createHash('sha256').update(library).digest('hex'))
  expect(place.problems).toEqual([])
  expect(place.world.environment.libraryPath).toBe('/first:/rez/app/1/lib:/opt/airtight/graft/lib')
  expect(place.trace('/rez/app/1/bin/p').loaded.map(({ name, path }) => `${name} ${path ?? 'none'}`)).toEqual([
    'libq.so.1 /opt/airtight/graft/lib/libq.so.1',
    'libown.so.2 /rez/app/1/lib/libown.so.2',
  ])
  const plain = { root, mounts: [], libraryPath: null, preload: null, cpu: null, inside: null }
  const before = await openClosurePlace(plain)
  if ('message' in before) throw new Error(faultText(before))
  expect(before.trace('/rez/app/1/bin/p').loaded.map(({ path }) => path)).toEqual([null, null])
})

test('a guard that does not match is told, and its entry left out', async () => {
  const place = await placeWith('0'.repeat(64))
  expect(place.problems.map(({ rule, entry }) => `${rule} ${entry}`)).toEqual(['FIX001 grafts libq.so.1'])
  expect(place.trace('/rez/app/1/bin/p').loaded[0]).toMatchObject({ name: 'libq.so.1', path: null })
})

test('a folder that is not there is one clear fault', async () => {
  const repairs = { folder: '/nowhere', context: null, host: null }
  const plan = { root, mounts: [], libraryPath: null, preload: null, cpu: null, inside: null, repairs }
  expect(await openClosurePlace(plan)).toMatchObject({ file: '/nowhere', message: 'no such folder of repairs' })
})
