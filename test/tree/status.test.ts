/** What lies at a path that somebody named: where the system does not tell, that is a fault and no exception. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isFile, isFolder, statusAt } from '../../src/tree/status.ts'

let top = ''

beforeAll(() => {
  top = mkdtempSync(join(tmpdir(), 'airtight-status-'))
  mkdirSync(join(top, 'folder'))
  writeFileSync(join(top, 'file'), '')
  symlinkSync('folder', join(top, 'link'))
  symlinkSync('circle', join(top, 'circle'))
})

afterAll(() => {
  rmSync(top, { recursive: true })
})

test.each([
  ['folder', true, false],
  ['link', true, false],
  ['file', false, true],
  ['absent', false, false],
  ['file/below', false, false],
  ['circle', false, false],
])('%s', (name, folder, file) => {
  expect([isFolder(join(top, name)), isFile(join(top, name))]).toEqual([folder, file])
})

test('null where nothing is, also below a file', () => {
  expect(statusAt(join(top, 'absent'))).toBeNull()
  expect(statusAt(join(top, 'file', 'below'))).toBeNull()
})

test.each([
  ['circle', 'is a link that leads back to itself (ELOOP)'],
  ['x'.repeat(300), 'has a longer name than the system takes (ENAMETOOLONG)'],
])('a fault for %.8s', (name, message) => {
  expect(statusAt(join(top, name))).toMatchObject({ kind: 'unreadable', file: join(top, name), message })
})
