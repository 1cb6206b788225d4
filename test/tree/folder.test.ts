/** A folder as a root: no link leads out of it, and paths are walked as the kernel walks them. */
import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { failed } from '../../src/domain/tree.ts'
import type { Tree } from '../../src/domain/tree.ts'
import { openFolderTree } from '../../src/tree/folder.ts'
import { makeFolder, makeTree } from '../support/system/folder.ts'

function where(tree: Tree, path: string): string {
  const found = tree.lookup(path)
  return failed(found) ? found.errno : found.path
}

function text(tree: Tree, path: string): string {
  const content = tree.content(path, 1000)
  return failed(content) ? content.errno : Buffer.from(content).toString()
}

describe('links', () => {
  const tree = makeTree({
    '/a/file': 'inside',
    '/b/absolute': { link: '/a/file' },
    '/b/relative': { link: '../a/file' },
    '/b/climbs': { link: '../../../../../a/file' },
    '/b/out': { link: '/etc/passwd' },
    '/folder': { link: '/a' },
    '/dangling': { link: 'nothing' },
    '/loop': { link: 'loop' },
    '/empty/x': '',
  })

  test('an absolute link starts again at the root', () => expect(where(tree, '/b/absolute')).toBe('/a/file'))
  test('a relative link starts at its folder', () => expect(where(tree, '/b/relative')).toBe('/a/file'))
  test('.. stops at the root', () => {
    expect(where(tree, '/b/climbs')).toBe('/a/file')
    expect(where(tree, '/../../a/../a/./file')).toBe('/a/file')
  })
  test('a link to a file of the machine leads nowhere', () => expect(where(tree, '/b/out')).toBe('ENOENT'))
  test('a link to a folder is walked through', () => expect(text(tree, '/folder/file')).toBe('inside'))
  test('what leads nowhere is ENOENT', () => expect(where(tree, '/dangling')).toBe('ENOENT'))
  test('what goes round is ELOOP', () => expect(where(tree, '/loop')).toBe('ELOOP'))
  test('a path through a file is ENOTDIR', () => {
    expect(where(tree, '/a/file/x')).toBe('ENOTDIR')
    expect(where(tree, '/a/file/')).toBe('ENOTDIR')
  })
  test('a target is read as it stands', () => {
    expect(tree.link('/b/climbs')).toBe('../../../../../a/file')
    expect(tree.link('/a/file')).toBeNull()
  })
})

test('40 links are followed, 41 are not', () => {
  const links = Array.from({ length: 45 }, (_, i) => [`/l${i}`, { link: i === 0 ? 'file' : `l${i - 1}` }] as const)
  const tree = makeTree({ '/file': 'x', ...Object.fromEntries(links) })
  expect(where(tree, '/l39')).toBe('/file')
  expect(where(tree, '/l40')).toBe('ELOOP')
})

test('the links of a folder count for what is asked for in it, however often it was walked before', () => {
  const chain = (name: string, target: string): (readonly [string, { readonly link: string }])[] =>
    Array.from({ length: 25 }, (_, i) => [`/${name}${i}`, { link: i === 0 ? target : `/${name}${i - 1}` }])
  const tree = makeTree({
    '/real/file': 'x',
    ...Object.fromEntries([...chain('folder', 'real'), ...chain('file', 'real/file')]),
    '/real/long': { link: '/file20' },
  })
  expect(where(tree, '/folder24')).toBe('/real')
  expect(where(tree, '/folder24/file')).toBe('/real/file')
  expect(where(tree, '/folder17/long')).toBe('/real/file')
  expect(where(tree, '/folder18/long')).toBe('ELOOP')
})

test('names that are too long are ENAMETOOLONG', () => {
  const tree = makeTree({ '/a/file': '' })
  expect(where(tree, `/a/${'x'.repeat(256)}`)).toBe('ENAMETOOLONG')
  expect(where(tree, `/a/${'x'.repeat(255)}`)).toBe('ENOENT')
  expect(where(tree, '/a'.repeat(3000))).toBe('ENAMETOOLONG')
})

test('a name that is no UTF-8 is found by its bytes', () => {
  const root = makeFolder({ '/keep': '' })
  const name = Buffer.from([0x6c, 0xff, 0xe9, 0x2e, 0x73, 0x6f])
  writeFileSync(Buffer.concat([Buffer.from(`${root}/`), name]), 'raw')
  const tree = openFolderTree(root)
  const found = tree.children('/')
  expect(failed(found) ? [] : found.map((child) => child.name)).toEqual(['keep', 'l\udcff\udce9.so'])
  expect(text(tree, '/l\udcff\udce9.so')).toBe('raw')
})

test('children are sorted and not followed', () => {
  const tree = makeTree({ '/d/b': '', '/d/a': null, '/d/c': { link: 'b' } })
  expect(tree.children('/d')).toEqual([
    { name: 'a', kind: 'folder' },
    { name: 'b', kind: 'file' },
    { name: 'c', kind: 'link' },
  ])
  expect(tree.children('/d/b')).toMatchObject({ errno: 'ENOTDIR' })
  expect(tree.children('/none')).toMatchObject({ errno: 'ENOENT' })
})

test('content larger than its limit is not read', () => {
  const tree = makeTree({ '/f': 'x'.repeat(11) })
  expect(tree.content('/f', 10)).toMatchObject({ errno: 'EIO' })
  expect(text(tree, '/f')).toHaveLength(11)
})

test('two names of one file have one identity', () => {
  const tree = makeTree({ '/a': 'x', '/b': { link: 'a' }, '/c': 'x' })
  const identity = (path: string): string => {
    const status = tree.status(path)
    return failed(status) ? status.errno : status.identity
  }
  expect(identity('/a')).toBe(identity('/b'))
  expect(identity('/a')).not.toBe(identity('/c'))
})

test('a folder as a search sees it: what could be there', () => {
  const tree = makeTree({ '/d/a': '', '/d/gone': { link: '/nothing' } })
  const folder = tree.folder('/d')
  if (failed(folder)) throw new Error(folder.errno)
  const asked = ['a', 'gone', 'b', '.', '..', 'x'.repeat(300), 'ä'.repeat(200), 'ä'.repeat(100)]
  expect(asked.map((name) => folder.has(name))).toEqual([true, true, false, true, true, true, true, false])
  expect(['/none', '/d/a'].map((path) => tree.folder(path))).toMatchObject([{ errno: 'ENOENT' }, { errno: 'ENOTDIR' }])
})

test('what is asked of a path that leads nowhere is why it does not', () => {
  const tree = makeTree({ '/d/a': '', '/empty': { link: 'd' } })
  expect(tree.status('/d/none')).toMatchObject({ errno: 'ENOENT' })
  expect(tree.open('/d/a/x')).toMatchObject({ errno: 'ENOTDIR' })
  expect(tree.content('/none', 10)).toMatchObject({ errno: 'ENOENT' })
  expect(tree.lookup('')).toMatchObject({ errno: 'ENOENT' })
  expect([tree.link('/none/x'), tree.link('/d/a/x'), tree.link('/d/none')]).toEqual([null, null, null])
})

describe('mounts', () => {
  const outer = makeFolder({ '/etc/os': 'outer', '/studio/own': 'hidden', '/to-studio': { link: '/studio/rez' } })
  const inner = makeFolder({
    '/pkg/lib': 'inner',
    '/pkg/up': { link: '../../../etc/os' },
    '/pkg/abs': { link: '/etc/os' },
  })
  const tree = openFolderTree(outer, [{ source: inner, at: '/studio/rez' }])

  test('a mount is seen at its place, and folders above it exist', () => {
    expect(text(tree, '/studio/rez/pkg/lib')).toBe('inner')
    expect(text(tree, '/studio/own')).toBe('hidden')
    const far = openFolderTree(outer, [{ source: inner, at: '/far/away' }])
    expect([where(far, '/far'), where(far, '/far/away/pkg/lib')]).toEqual(['/far', '/far/away/pkg/lib'])
    // Nothing is known of a folder that only leads to a mount.
    expect(far.status('/far')).toMatchObject({ errno: 'ENOENT' })
  })
  test('a folder that is not there is mounted nowhere', () => {
    const source = openFolderTree(inner)
    expect(where(openFolderTree(outer).mount([{ source, folder: '/none', at: '/x' }]), '/x')).toBe('ENOENT')
    expect(text(openFolderTree(outer).mount([{ source, folder: '/pkg', at: '/y/../x' }]), '/x/lib')).toBe('inner')
  })
  test('links lead into a mount and out of it, inside the root', () => {
    expect(text(tree, '/to-studio/pkg/lib')).toBe('inner')
    expect(text(tree, '/studio/rez/pkg/up')).toBe('outer')
    expect(text(tree, '/studio/rez/pkg/abs')).toBe('outer')
  })
  test('the deepest mount wins', () => {
    const deep = makeFolder({ '/lib': 'deep' })
    const both = openFolderTree(outer, [
      { source: deep, at: '/studio/rez/pkg' },
      { source: inner, at: '/studio/rez' },
    ])
    expect(text(both, '/studio/rez/pkg/lib')).toBe('deep')
  })
})

test('a folder that vanishes is a failure, and one that is read as a file is empty; nothing throws', () => {
  const root = makeFolder({ '/keep/x': '' })
  mkdirSync(join(root, 'gone'))
  const tree = openFolderTree(root)
  rmdirSync(join(root, 'gone'))
  expect(failed(tree.children('/gone'))).toBe(true)
  expect(text(tree, '/keep')).toBe('')
})

test('a root that does not exist is the error of the system', () => {
  expect(() => openFolderTree('/does/not/exist')).toThrow(/ENOENT/)
})
