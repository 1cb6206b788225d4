/** Merging: what a person edits, deletes, pins or writes, against what runs generate. */
import { expect, test } from 'vitest'
import type { KeyedEntry } from '../../src/repair/entries.ts'
import type { Declined } from '../../src/repair/merge.ts'
import { combine, mergeEntries } from '../../src/repair/merge.ts'

function entry(name: string, fields: Readonly<Record<string, unknown>>): KeyedEntry {
  return { keys: ['requires', name], value: { found: '1.0', confidence: 'exact', ...fields } }
}

const OLD = entry('tiff', { range: '4.5+<5', fixes: ['REQ001'] })

function merge(
  before: readonly KeyedEntry[],
  file: readonly KeyedEntry[],
  now: readonly KeyedEntry[],
  declined: readonly Declined[] = [],
): ReturnType<typeof mergeEntries> {
  return mergeEntries({ before, file, now, declined })
}

test('a file that nobody touched takes what is new and loses what is gone', () => {
  const next = entry('tiff', { range: '4.6+<5', fixes: ['REQ001'] })
  expect(merge([OLD], [OLD], [next]).entries).toEqual([next])
  expect(merge([OLD], [OLD], []).entries).toEqual([])
})

test('an edit survives a run that generates the same', () => {
  const edited = entry('tiff', { range: '4.5+', fixes: ['REQ001'] })
  const merged = merge([OLD], [edited], [OLD])
  expect([merged.entries, merged.conflicts]).toEqual([[edited], []])
})

test('an edited field does not keep the others from moving on', () => {
  const edited = entry('tiff', { range: '4.5+', fixes: ['REQ001'] })
  const next = entry('tiff', { range: '4.5+<5', fixes: ['REQ001', 'REQ002'] })
  expect(merge([OLD], [edited], [next]).entries).toEqual([
    entry('tiff', { range: '4.5+', fixes: ['REQ001', 'REQ002'] }),
  ])
})

test('what was deleted by hand stays deleted, run after run, until its reasons change', () => {
  const first = merge([OLD], [], [OLD])
  expect(first.entries).toEqual([])
  expect(first.declined.map(({ keys }) => keys)).toEqual([['requires', 'tiff']])
  const second = merge([OLD], [], [OLD], first.declined)
  expect([second.entries, second.declined]).toEqual([[], first.declined])
  const moved = merge([OLD], [], [entry('tiff', { range: '4.6+<5', fixes: ['REQ001'] })], second.declined)
  expect(moved.entries).toEqual([])
  const other = entry('tiff', { range: '4.5+<5', fixes: ['REQ002'] })
  const third = merge([OLD], [], [other], second.declined)
  expect([third.entries, third.declined]).toEqual([[other], []])
})

test('a reason written into the lock is kept', () => {
  const [declined] = merge([OLD], [], [OLD]).declined
  if (declined === undefined) throw new Error('nothing was declined')
  const told = { ...declined, reason: 'the plugin is not shipped' }
  expect(merge([], [], [OLD], [told]).declined).toEqual([told])
})

test('an edited entry that nothing asks for stays and is told', () => {
  const edited = entry('tiff', { range: '4.5+', fixes: ['REQ001'] })
  const merged = merge([OLD], [edited], [])
  expect([merged.entries, merged.redundant]).toEqual([[edited], [['requires', 'tiff']]])
})

test('a pinned entry stays whatever is generated, and is no conflict', () => {
  const pinned = entry('tiff', { range: '4.5+', pin: true })
  const merged = merge([OLD], [pinned], [entry('tiff', { range: '9+' })])
  expect([merged.entries, merged.conflicts, merged.redundant]).toEqual([[pinned], [], []])
})

test("a person's own entry stays", () => {
  const own = entry('zlib', { range: '1.2' })
  expect(merge([OLD], [OLD, own], [OLD]).entries).toEqual([OLD, own])
})

test('what several contexts want is one entry, whichever ran last', () => {
  const a = entry('tiff', { range: '4.5+<5', fixes: ['REQ001'], because: 'a' })
  const b = entry('tiff', { range: '4.5+<5', fixes: ['REQ002'], because: 'b' })
  const one = combine(
    new Map([
      ['comp', [a]],
      ['anim', [b]],
    ]),
  )
  const other = combine(
    new Map([
      ['anim', [b]],
      ['comp', [a]],
    ]),
  )
  expect(one).toEqual(other)
  expect(one[0]?.value['fixes']).toEqual(['REQ001', 'REQ002'])
})

test('what one context adds to a run path for its grafts stays, whichever context is the first', () => {
  const guard = { sha256: 'a', runpath: ['/build', '$ORIGIN'] }
  const runPath = (...value: string[]): readonly KeyedEntry[] => [
    { keys: ['rpath', '{tiff}/lib/x.so'], value: { guard, set: { tag: 'runpath', value }, fixes: ['RPH001'] } },
  ]
  const [plain, led] = [runPath('$ORIGIN'), runPath('{graft}/private/libink.so.1', '$ORIGIN')]
  const other = runPath('{graft}/private/libbar.so.2', '$ORIGIN')
  const both = runPath('{graft}/private/libbar.so.2', '{graft}/private/libink.so.1', '$ORIGIN')
  expect(
    combine(
      new Map([
        ['a', plain],
        ['b', led],
      ]),
    ),
  ).toEqual(led)
  expect(
    combine(
      new Map([
        ['b', plain],
        ['a', led],
      ]),
    ),
  ).toEqual(led)
  expect(
    combine(
      new Map([
        ['a', led],
        ['b', other],
      ]),
    ),
  ).toEqual(both)
})

test('an edited run path wins over a way that a graft would need, and both are told', () => {
  const set = (...value: string[]): KeyedEntry => ({ keys: ['rpath', 'x'], value: { set: { tag: 'runpath', value } } })
  const mine = set('$ORIGIN', '/opt/mine')
  const merged = merge([set('$ORIGIN')], [mine], [set('{graft}/private/libink.so.1', '$ORIGIN')])
  expect(merged.entries).toEqual([mine])
  expect(merged.conflicts.map(({ field }) => field)).toEqual(['set'])
})
