/** A volume that is asked once says what the one below it says. */
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { failed } from '../../src/domain/tree.ts'
import { openFolderTree } from '../../src/tree/folder.ts'
import { makeFolder } from '../support/system/folder.ts'

const FILES = { 'a/file': 'text', 'a/link': { link: 'file' }, 'a/empty': null }

test('a tree that remembers is the same tree', () => {
  const root = makeFolder(FILES)
  const plain = openFolderTree(root)
  const remembering = openFolderTree(root, [], true)
  for (const path of ['/', '/a', '/a/file', '/a/link', '/a/empty', '/none', '/a/file/below']) {
    expect(remembering.lookup(path)).toEqual(plain.lookup(path))
    expect(remembering.children(path)).toEqual(plain.children(path))
    expect(remembering.status(path)).toEqual(plain.status(path))
    // Once more for what is known by now.
    expect(remembering.content(path, 100)).toEqual(plain.content(path, 100))
    expect(remembering.content(path, 100)).toEqual(plain.content(path, 100))
  }
  expect(remembering.link('/a/link')).toBe('file')
})

test('trees made of one that remembers do not ask for names and files again', () => {
  const root = makeFolder(FILES)
  const tree = openFolderTree(root, [], true)
  const mounted = (): ReturnType<typeof openFolderTree> => tree.mount([{ source: tree, folder: '/a', at: '/b' }])
  const first = mounted()
  const identity = first.status('/b/file')
  const opened = first.open('/b/file')
  if (failed(opened)) throw new Error(opened.errno)
  opened.close()
  writeFileSync(join(root, 'a/later'), '')
  rmSync(join(root, 'a/file'))
  expect(mounted().lookup('/b/later')).toMatchObject({ errno: 'ENOENT' })
  const gone = mounted().open('/b/file')
  if (failed(gone) || failed(identity)) throw new Error('it is remembered')
  expect(gone.identity).toBe(identity.identity)
  // Its bytes are not remembered: they end at once, as those of a file that cannot be read.
  expect(gone.read(0, 4)).toHaveLength(0)
  gone.close()
})
