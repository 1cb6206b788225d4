/** FIX005: A field that a person and the generator changed differently, with its three values. */
import { expect, test } from 'vitest'
import type { KeyedEntry } from '../../src/repair/entries.ts'
import { mergeEntries } from '../../src/repair/merge.ts'
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { Edit, StudioSpec } from '../support/studio.ts'
import { lib } from '../support/studio.ts'

/** A package that does not require the one whose library it needs: a requirement is planned by its version. */
const studio = (version: string): StudioSpec => ({
  packages: {
    'reader-2.4': { files: { 'lib/libreader.so.2': lib('libreader.so.2', 'libtiff.so.6') } },
    [`tiff-${version}`]: { files: { 'lib/libtiff.so.6': lib('libtiff.so.6') } },
  },
})
const again = (version: string, ...edits: readonly Edit[]): StudioSpec => ({
  ...studio(version),
  replanned: { first: studio('4.5.1'), edits },
})
const range = (to: string): Edit => ({
  file: 'packages/reader/2.4.yaml',
  from: 'range: "4.5.1+<5"',
  to: `range: ${to}`,
})

ruleWorlds('FIX005', {
  found: [
    {
      name: 'a range that a person and the next plan changed differently',
      studio: again('4.6.0', range('"4+"')),
      finds: ['reader-2.4 packages/reader/2.4.yaml requires tiff error'],
      says: ['range was generated as 4.5.1+<5, is 4+ in the file, and would be 4.6.0+<5 now; the file stays'],
      afterRepair: [
        again('4.6.0', range('"4.6.0+<5"')),
        again('4.6.0', range('"4+"\n    pin: true')),
        again('4.6.0', range('"4.5.1+<5"')),
      ],
    },
  ],
  clean: [
    { name: 'where only a person changed it', studio: again('4.5.1', range('"4+"')) },
    { name: 'where only the plan changed', studio: again('4.6.0') },
  ],
})

function entry(range: string): readonly KeyedEntry[] {
  return [{ keys: ['requires', 'tiff'], value: { range, found: '4.5', confidence: 'exact' } }]
}

test('three values that differ are a conflict, and the file stays', () => {
  const merged = mergeEntries({ before: entry('4.5+<5'), file: entry('4.5+'), now: entry('4.6+<5'), declined: [] })
  expect(merged.conflicts).toEqual([
    { keys: ['requires', 'tiff'], field: 'range', generated_before: '4.5+<5', file: '4.5+', generated_now: '4.6+<5' },
  ])
  expect(merged.entries).toEqual(entry('4.5+'))
})

test('one change alone is none', () => {
  const edited = mergeEntries({ before: entry('4.5+<5'), file: entry('4.5+'), now: entry('4.5+<5'), declined: [] })
  expect([edited.conflicts, edited.entries]).toEqual([[], entry('4.5+')])
  const moved = mergeEntries({ before: entry('4.5+<5'), file: entry('4.5+<5'), now: entry('4.6+<5'), declined: [] })
  expect([moved.conflicts, moved.entries]).toEqual([[], entry('4.6+<5')])
})
