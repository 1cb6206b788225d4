/** All or nothing: a failure leaves the root as it was, and a run that was killed is undone or finished by the next. */
import { existsSync, lstatSync, readFileSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { applyOperations, recover } from '../../src/app/repair-journal.ts'
import type { Operation } from '../../src/app/repair-journal.ts'
import { makeFolder } from '../support/system/folder.ts'

function studio(): { readonly root: string; readonly operations: readonly Operation[] } {
  const root = makeFolder({ 'usr/lib/old.so': 'old' })
  const host = makeFolder({ 'lib/a.so': 'content' })
  const operations: readonly Operation[] = [
    { kind: 'file', source: join(host, 'lib/a.so'), target: join(root, 'opt/graft/lib/a.so') },
    { kind: 'link', target: join(root, 'opt/graft/lib/a.so.1'), to: 'a.so' },
    { kind: 'remove', target: join(root, 'usr/lib/old.so') },
  ]
  return { root, operations }
}

function names(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
}

test('everything is in place, and nothing else is left', async () => {
  const { root, operations } = studio()
  await applyOperations(root, operations)
  expect(readFileSync(join(root, 'opt/graft/lib/a.so'), 'utf8')).toBe('content')
  expect(readlinkSync(join(root, 'opt/graft/lib/a.so.1'))).toBe('a.so')
  expect(names(root).filter((name) => name.includes('airtight-'))).toEqual([])
  expect(existsSync(join(root, 'usr/lib/old.so'))).toBe(false)
})

test('a step that fails leaves the root as it was', async () => {
  const { root, operations } = studio()
  const before = names(root)
  const broken: Operation = { kind: 'file', source: join(root, 'nowhere'), target: join(root, 'opt/b.so') }
  await expect(applyOperations(root, [...operations, broken])).rejects.toThrow()
  expect(names(root)).toEqual(before)
})

test('a run that is stopped between two files leaves the root as it was', async () => {
  const { root, operations } = studio()
  const before = names(root)
  const stop = new AbortController()
  const run = applyOperations(root, operations, stop.signal)
  expect(names(root)).toContain('.airtight-apply.json')
  stop.abort()
  await expect(run).rejects.toThrow()
  expect(names(root)).toEqual(before)
})

test('a run that was killed while it staged is undone', () => {
  const { root } = studio()
  const part = join(root, 'usr/lib/.a.so.airtight-part')
  writeFileSync(part, 'half')
  const journal = {
    state: 'staging',
    renames: [{ part, target: join(root, 'usr/lib/a.so') }],
    removes: [join(root, 'usr/lib/old.so')],
    folders: [],
  }
  writeFileSync(join(root, '.airtight-apply.json'), JSON.stringify(journal))
  expect(recover(root)).toBe('undone')
  expect(names(join(root, 'usr/lib'))).toEqual(['old.so'])
  expect(recover(root)).toBeNull()
})

test('a run that was killed between two renames is finished', () => {
  const { root } = studio()
  const part = join(root, 'usr/lib/.b.so.airtight-part')
  writeFileSync(part, 'new')
  writeFileSync(join(root, 'usr/lib/a.so'), 'renamed before the kill')
  const journal = {
    state: 'commit',
    renames: [
      { part: join(root, 'usr/lib/.a.so.airtight-part'), target: join(root, 'usr/lib/a.so') },
      { part, target: join(root, 'usr/lib/b.so') },
    ],
    removes: [join(root, 'usr/lib/old.so')],
    folders: [],
  }
  writeFileSync(join(root, '.airtight-apply.json'), JSON.stringify(journal))
  expect(recover(root)).toBe('finished')
  expect(names(join(root, 'usr/lib'))).toEqual(['a.so', 'b.so'])
  expect(readFileSync(join(root, 'usr/lib/a.so'), 'utf8')).toBe('renamed before the kill')
  expect(lstatSync(join(root, 'usr/lib/b.so')).size).toBe(3)
})
