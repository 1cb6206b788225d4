/** The folder of all repairs: read whole or not at all, and written whole or not at all. */
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isStore, readStore, writeStore } from '../../src/app/repair-store.ts'
import { repairsFolder } from '../support/repairs-folder.ts'
import { fillFolder, makeFolder } from '../support/system/folder.ts'

const links = { symlinks: { '/usr/bin/x': { target: 'y' } } }

function names(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
}

test('files are found by their paths, their locks beside them, and nothing else is looked at', () => {
  const folder = repairsFolder({ context: links, places: { a: ['/rez/a'] } })
  fillFolder(folder, { 'notes.yaml': 'not: ours', 'contexts/README.md': 'x', 'other/contexts/d.yaml': 'x: 1' })
  const store = readStore(folder)
  if (!isStore(store)) throw new Error(store.map(({ message }) => message).join())
  expect([...store.files.keys()]).toEqual(['contexts/c.yaml'])
  expect(store.files.get('contexts/c.yaml')?.file.symlinks).toEqual(links.symlinks)
  expect(store.locks.get('contexts/c.yaml')?.lock.places).toEqual({ a: ['/rez/a'] })
})

test('a folder that is not there holds nothing', () => {
  const store = readStore('/nowhere/at/all')
  expect(isStore(store) && store.files.size).toBe(0)
})

test('every file that is none is named with its line, and no store is handed out', () => {
  const folder = repairsFolder({ context: links })
  fillFolder(folder, {
    'packages/a/1.yaml': 'schema: airtight/repair/v1\nkind: package\nsubject: {package: a}\ngraft: {}\n',
    'contexts/d.yaml': '- a list\n',
  })
  const faults = readStore(folder)
  expect(isStore(faults)).toBe(false)
  expect(isStore(faults) ? [] : faults.map(({ file, line }) => [file.slice(folder.length + 1), line])).toEqual([
    ['contexts/d.yaml', 1],
    ['packages/a/1.yaml', 4],
  ])
})

test('what is written is in place, what is taken away is gone, and nothing else is left', () => {
  const folder = makeFolder({ 'contexts/old.yaml': 'old', 'contexts/kept.yaml': 'kept' })
  const changes = new Map([
    ['contexts/new.yaml', 'new'],
    ['packages/a/1.yaml', 'a'],
    ['contexts/old.yaml', null],
  ])
  writeStore(folder, changes)
  expect(names(folder).filter((name) => name.includes('.'))).toEqual([
    'contexts/kept.yaml',
    'contexts/new.yaml',
    'packages/a/1.yaml',
  ])
  expect(readFileSync(join(folder, 'packages/a/1.yaml'), 'utf8')).toBe('a')
})

test('a file that cannot be written leaves all others as they were', () => {
  const folder = makeFolder({ 'contexts/a.yaml': 'before', packages: 'a file where a folder is wanted' })
  const changes = new Map([
    ['contexts/a.yaml', 'after'],
    ['packages/a/1.yaml', 'a'],
  ])
  expect(() => {
    writeStore(folder, changes)
  }).toThrow()
  expect(readFileSync(join(folder, 'contexts/a.yaml'), 'utf8')).toBe('before')
  expect(names(folder).filter((name) => name.endsWith('.part'))).toEqual([])
})

test('a new folder is made', () => {
  const folder = join(makeFolder({}), 'deep/repairs')
  mkdirSync(join(folder, '..'))
  writeStore(folder, new Map([['contexts/a.yaml', 'a']]))
  expect(existsSync(join(folder, 'contexts/a.yaml'))).toBe(true)
})
