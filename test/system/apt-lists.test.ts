/** What apt's own lists in a tree offer. */
import { expect, test } from 'vitest'
import { readDependencies, readOffers } from '../../src/system/apt-lists.ts'
import { makeTree } from '../support/system/folder.ts'

const LISTS = '/var/lib/apt/lists'
const offers = (lists: Readonly<Record<string, string | null>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readOffers(makeTree(Object.fromEntries(Object.entries(lists).map(([name, text]) => [`${LISTS}/${name}`, text])))),
  )

test('names, and what stands for a name with its version', () => {
  const found = offers({
    'deb.example_main_binary-amd64_Packages': `Package: libssl3t64
Version: 3.2
Provides: libssl3 (= 3.2), libssl-any, libssl:any (= 3.2)

Provides: early (= 1)
Package: late
Description: a text that looks like a field
 Package: not-a-package

Package: other
Provides: libssl3 (= 9), late (= 2), Odd_Name (= 1), (= 2)

Version: 1
Provides: nobodys (= 1)
`,
    'deb.example_main_Contents-amd64': 'Package: x\n',
  })
  expect(found).toEqual({
    // The first that provides a name has it; a name of its own goes before one that is provided.
    libssl3: 'libssl3t64',
    libssl: 'libssl3t64',
    libssl3t64: 'libssl3t64',
    early: 'late',
    late: 'late',
    other: 'other',
  })
})

test('nothing, where apt keeps no list or one that cannot be read', () => {
  expect(readOffers(makeTree({ '/etc/x': '' })).size).toBe(0)
  expect(offers({ folder_Packages: null, a_Packages: 'Package: a\n' })).toEqual({ a: 'a' })
  expect(offers({ empty_Packages: '' })).toEqual({})
})

test('what packages depend on, the first of alternatives, with the least version', () => {
  const text = `Package: libx1
Pre-Depends: libc6 (>= 2.38)
Depends: liby1:any (>= 1:2.3~), libz1 | libz-gles1 (>= 9), libw1 (= 4), (odd)

Package: lonely
`
  const dependencies = readDependencies(makeTree({ [`${LISTS}/a_Packages`]: text }))
  expect(dependencies('libx1')).toEqual([
    { name: 'libc6', least: '2.38' },
    { name: 'liby1', least: '1:2.3~' },
    { name: 'libz1', least: null },
    { name: 'libw1', least: null },
  ])
  expect([dependencies('lonely'), dependencies('absent')]).toEqual([[], []])
})
