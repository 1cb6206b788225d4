/** FIX005: A field that a person and the generator changed differently, with its three values. */
import { expect, test } from 'vitest'
import type { KeyedEntry } from '../../src/repair/entries.ts'
import { mergeEntries } from '../../src/repair/merge.ts'

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
