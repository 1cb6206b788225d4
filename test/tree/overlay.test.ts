/** Single entries laid over a tree: what a plan of repairs would change, seen before anything is changed. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { failed } from '../../src/domain/tree.ts'
import type { OverlayEntry, Tree } from '../../src/domain/tree.ts'
import { bytesContent } from '../../src/tree/content.ts'
import { openFolderTree } from '../../src/tree/folder.ts'
import { makeFolder, makeTree } from '../support/system/folder.ts'

function where(tree: Tree, path: string): string {
  const found = tree.lookup(path)
  return failed(found) ? found.errno : `${found.kind} ${found.path}`
}

function text(tree: Tree, path: string): string {
  const content = tree.content(path, 1000)
  return failed(content) ? content.errno : Buffer.from(content).toString()
}

function names(tree: Tree, path: string): readonly string[] {
  const children = tree.children(path)
  return failed(children) ? [children.errno] : children.map((child) => child.name)
}

const file = (content: string): OverlayEntry => ({ kind: 'file', content: bytesContent(Buffer.from(content)) })
const link = (target: string): OverlayEntry => ({ kind: 'link', target })
const REMOVED: OverlayEntry = { kind: 'removed' }

function lay(tree: Tree, entries: Readonly<Record<string, OverlayEntry>>): Tree {
  return tree.overlay(new Map(Object.entries(entries)))
}

const FILES = { '/usr/lib/libz.so.1': 'old', '/usr/lib/liba.so': 'a', '/lib': { link: 'usr/lib' }, '/etc/x/y': 'y' }

describe('one entry', () => {
  const base = makeTree(FILES)

  test('a file takes the place of a file, and the tree below stays as it was', () => {
    const tree = lay(base, { '/usr/lib/libz.so.1': file('new') })
    expect(text(tree, '/usr/lib/libz.so.1')).toBe('new')
    expect(text(tree, '/usr/lib/liba.so')).toBe('a')
    expect(text(base, '/usr/lib/libz.so.1')).toBe('old')
  })

  test('a folder that is a link is gone through', () => {
    const tree = lay(base, { '/lib/new.so': file('n') })
    expect(where(tree, '/lib/new.so')).toBe('file /usr/lib/new.so')
    expect(names(tree, '/usr/lib')).toEqual(['liba.so', 'libz.so.1', 'new.so'])
    expect(tree.link('/lib')).toBe('usr/lib')
  })

  test('folders that are absent are made', () => {
    const tree = lay(base, { '/opt/a/b.so': file('b') })
    expect(where(tree, '/opt/a/b.so')).toBe('file /opt/a/b.so')
    expect(names(tree, '/opt')).toEqual(['a'])
    expect(names(tree, '/')).toEqual(['etc', 'lib', 'opt', 'usr'])
  })

  test('a link is followed in the laid tree', () => {
    const tree = lay(base, { '/usr/lib/libq.so': link('/usr/lib/libz.so.1'), '/usr/lib/libz.so.1': file('new') })
    expect(text(tree, '/lib/libq.so')).toBe('new')
    expect(tree.link('/usr/lib/libq.so')).toBe('/usr/lib/libz.so.1')
  })

  test('what is removed is gone, from the listing too', () => {
    const tree = lay(base, { '/usr/lib/liba.so': REMOVED, '/etc/x': REMOVED })
    expect(where(tree, '/usr/lib/liba.so')).toBe('ENOENT')
    expect(names(tree, '/usr/lib')).toEqual(['libz.so.1'])
    expect(where(tree, '/etc/x/y')).toBe('ENOENT')
  })

  test('a link is removed itself, not what it leads to', () => {
    const tree = lay(base, { '/lib': REMOVED })
    expect(where(tree, '/lib/liba.so')).toBe('ENOENT')
    expect(where(tree, '/usr/lib/liba.so')).toBe('file /usr/lib/liba.so')
  })

  test('a file stands where a folder was, and hides what was below', () => {
    const tree = lay(base, { '/etc/x': file('x') })
    expect(where(tree, '/etc/x')).toBe('file /etc/x')
    expect(where(tree, '/etc/x/y')).toBe('ENOTDIR')
  })

  test('a folder stands where a file was, because something lies below it', () => {
    const tree = lay(base, { '/usr/lib/liba.so/inner': file('i') })
    expect(where(tree, '/usr/lib/liba.so/inner')).toBe('file /usr/lib/liba.so/inner')
    expect(names(tree, '/usr/lib/liba.so')).toEqual(['inner'])
  })

  test('a folder that is there already keeps what it holds', () => {
    const tree = lay(base, { '/etc/x': { kind: 'folder' }, '/var': { kind: 'folder' } })
    expect(names(tree, '/etc/x')).toEqual(['y'])
    expect(where(tree, '/var')).toBe('folder /var')
    expect(names(tree, '/var')).toEqual([])
  })
})

describe('from another tree', () => {
  const other = makeTree({ '/opt/libq.so.1.2': 'q', '/opt/libq.so.1': { link: 'libq.so.1.2' }, '/opt/data/d': 'd' })

  test('a file comes with its bytes and its identity', () => {
    const tree = lay(makeTree(FILES), { '/usr/lib/libq.so.1': { kind: 'from', source: other, path: '/opt/libq.so.1' } })
    expect(text(tree, '/usr/lib/libq.so.1')).toBe('q')
    expect(tree.status('/usr/lib/libq.so.1')).toEqual(other.status('/opt/libq.so.1.2'))
  })

  test('a folder comes with what it holds', () => {
    const tree = lay(makeTree(FILES), { '/srv': { kind: 'from', source: other, path: '/opt/data' } })
    expect(text(tree, '/srv/d')).toBe('d')
  })

  test('what is not there is nothing here either', () => {
    const tree = lay(makeTree(FILES), { '/usr/lib/liba.so': { kind: 'from', source: other, path: '/nothing' } })
    expect(where(tree, '/usr/lib/liba.so')).toBe('ENOENT')
  })
})

describe('over mounts and over one another', () => {
  const packages = makeTree({ '/lib/libp.so': 'p', '/bin/run': 'r' })
  const mounted = makeTree(FILES).mount([{ source: packages, folder: '/', at: '/studio/pkg' }])

  test('an entry in a mounted folder', () => {
    const tree = lay(mounted, { '/studio/pkg/lib/libp.so.1': link('libp.so'), '/studio/pkg/bin/run': REMOVED })
    expect(text(tree, '/studio/pkg/lib/libp.so.1')).toBe('p')
    expect(names(tree, '/studio/pkg/bin')).toEqual([])
  })

  test('the later overlay wins', () => {
    const tree = lay(lay(mounted, { '/studio/pkg': REMOVED }), { '/studio/pkg/new': file('n') })
    expect(names(tree, '/studio/pkg')).toEqual(['new'])
  })

  test('a removed folder takes what was laid below it', () => {
    const tree = lay(lay(makeTree(FILES), { '/opt/x/y': file('y') }), { '/opt': REMOVED })
    expect(where(tree, '/opt/x/y')).toBe('ENOENT')
    expect(names(tree, '/')).toEqual(['etc', 'lib', 'usr'])
  })

  test('a mount over what was removed', () => {
    const tree = lay(makeTree(FILES), { '/usr': REMOVED }).mount([{ source: packages, folder: '/', at: '/usr/pkg' }])
    expect(names(tree, '/usr')).toEqual(['pkg'])
  })
})

test('a link below a mount or an entry is not followed out of the tree', () => {
  const outside = makeFolder({ '/secret': 's' })
  const root = makeFolder({ '/usr/x': 'x' })
  symlinkSync(outside, join(root, 'data'))
  mkdirSync(join(root, 'deep'))
  writeFileSync(join(root, 'deep/z'), '')
  const entries = lay(openFolderTree(root), { '/data/new': file('n'), '/deep/new': file('n') })
  const mounts = openFolderTree(root, [{ source: join(root, 'usr'), at: '/data/pkg' }])
  expect(names(entries, '/data')).toEqual(['new'])
  expect(names(entries, '/deep')).toEqual(['new', 'z'])
  expect(names(mounts, '/data')).toEqual(['pkg'])
})
