/** Every volume keeps the same promise: one table of questions, asked of a folder, of a kept tree and of memory. */
import { chmodSync, utimesSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { failed } from '../../src/domain/tree.ts'
import type { Tree } from '../../src/domain/tree.ts'
import type { KeptNode } from '../../src/tree/archive/kept.ts'
import { keptVolume, newFolder } from '../../src/tree/archive/kept.ts'
import { bytesContent } from '../../src/tree/content.ts'
import { fileDigest } from '../../src/tree/digest.ts'
import { diskVolume } from '../../src/tree/disk.ts'
import { openFolderTree, volumeTree } from '../../src/tree/folder.ts'
import { memoryVolume } from '../../src/tree/memory.ts'
import type { MemoryEntry } from '../../src/tree/memory.ts'
import { rememberedVolume } from '../../src/tree/remembered.ts'
import type { Volume } from '../../src/tree/volume.ts'
import { makeFolder } from '../support/system/folder.ts'

const TIME = 1_600_000_000

function onDisk(): Volume {
  const root = makeFolder({ 'a/deep/file': 'held', 'a/link': { link: 'deep/file' }, 'a/empty': null, 'a.b': 'top' })
  execFileSync('mkfifo', [join(root, 'pipe')])
  for (const [path, mode] of Object.entries({ 'a/deep/file': 0o640, 'a.b': 0o644, a: 0o750, 'a/empty': 0o755 })) {
    chmodSync(join(root, path), mode)
    utimesSync(join(root, path), TIME, TIME)
  }
  return diskVolume(root)
}

function inMemory(): Volume {
  const file = (text: string, mode?: number): MemoryEntry => ({
    kind: 'file',
    content: bytesContent(Buffer.from(text)),
    modified: TIME,
    ...(mode === undefined ? {} : { mode }),
  })
  return memoryVolume(
    new Map<string, MemoryEntry>([
      ['a/link', { kind: 'link', target: 'deep/file' }],
      // What something lies below is a folder, whether it was named as something else before or after.
      ['a/deep', file('hidden')],
      ['a/deep/file', file('held', 0o640)],
      ['a/empty', { kind: 'folder', modified: TIME }],
      ['a', { kind: 'folder', mode: 0o750, modified: TIME }],
      ['a.b', file('top')],
    ]),
  )
}

function kept(): Volume {
  const file = (text: string, mode: number): KeptNode => ({
    kind: 'file',
    size: text.length,
    mode,
    modified: TIME,
    parts: { kind: 'whole', bytes: Buffer.from(text) },
  })
  const [root, a, deep] = [newFolder(), newFolder(0o750, TIME), newFolder()]
  deep.children.set('file', file('held', 0o640))
  a.children.set('link', { kind: 'link', target: 'deep/file' })
  a.children.set('empty', newFolder(0o755, TIME)).set('deep', deep)
  root.children.set('pipe', { kind: 'other' }).set('a.b', file('top', 0o644)).set('a', a)
  return keptVolume(root)
}

const text = (volume: Volume, path: string): string => {
  const file = volume.open(path)
  if (failed(file)) return file.errno
  try {
    return Buffer.from(file.read(0, 100)).toString()
  } finally {
    file.close()
  }
}
const names = (volume: Volume, path: string): unknown => {
  const children = volume.children(path)
  return failed(children) ? children.errno : [...children].map(([name, kind]) => `${name}: ${kind}`).sort()
}
const kind = (volume: Volume, path: string): string => {
  const found = volume.kind(path)
  return typeof found === 'string' ? found : found.errno
}
const shape = (volume: Volume, path: string): unknown => {
  const status = volume.status(path)
  if (failed(status)) return status.errno
  return [status.mode.toString(8), status.modified, kind(volume, path) === 'folder' ? 0 : status.size]
}

describe.each([
  ['a folder of the disk', onDisk],
  ['a kept tree', kept],
  ['memory', inMemory],
  ['a volume that remembers', () => rememberedVolume(onDisk())],
])('%s', (which, make) => {
  const volume = make()

  test('lists what is there', () => {
    const top = which === 'memory' ? ['a.b: file', 'a: folder'] : ['a.b: file', 'a: folder', 'pipe: other']
    expect(names(volume, '')).toEqual(top)
    expect(names(volume, 'a')).toEqual(['deep: folder', 'empty: folder', 'link: link'])
    expect(names(volume, 'a/empty')).toEqual([])
    expect(names(volume, 'a.b')).toBe('ENOTDIR')
    expect(names(volume, 'gone')).toBe('ENOENT')
  })

  test('tells what one name is', () => {
    const asked = ['', 'a', 'a/link', 'a.b', 'gone', 'a/gone'].map((path) => kind(volume, path))
    expect(asked).toEqual(['folder', 'folder', 'link', 'file', 'ENOENT', 'ENOENT'])
    expect(['a/link', 'a', 'a.b', 'gone'].map((path) => volume.link(path))).toEqual(['deep/file', null, null, null])
  })

  test('knows modes, times and sizes', () => {
    expect(shape(volume, 'a/deep/file')).toEqual(['640', TIME, 4])
    expect(shape(volume, 'a.b')).toEqual(['644', TIME, 3])
    expect(shape(volume, 'a')).toEqual(['750', TIME, 0])
    expect(shape(volume, 'a/empty')).toEqual(['755', TIME, 0])
    expect(shape(volume, 'gone')).toBe('ENOENT')
  })

  test('opens files, and nothing else', () => {
    expect([text(volume, 'a/deep/file'), text(volume, 'a.b')]).toEqual(['held', 'top'])
    expect(text(volume, 'gone')).toBe('ENOENT')
  })
})

test('a folder that nothing says more of is one that everybody may enter', () => {
  const volume = memoryVolume(
    new Map<string, MemoryEntry>([
      ['', { kind: 'folder' }],
      ['a/b', { kind: 'file', content: bytesContent(new Uint8Array(2)) }],
    ]),
  )
  expect(['', 'a', 'a/b'].map((path) => shape(volume, path))).toEqual([
    ['755', 0, 0],
    ['755', 0, 0],
    ['644', 0, 2],
  ])
  expect(['a/b', 'a'].map((path) => text(volume, path))).toEqual(['\0\0', 'ENOENT'])
  expect(memoryVolume(new Map<string, MemoryEntry>([['l', { kind: 'link', target: 'x' }]])).status('l')).toMatchObject({
    errno: 'ENOENT',
  })
})

test('a pipe is neither waited for nor read; a name that no system takes is an error of the disk', () => {
  expect([text(onDisk(), 'pipe'), text(kept(), 'pipe')]).toEqual(['', 'EACCES'])
  expect(shape(kept(), 'pipe')).toEqual(['0', 0, 0])
  expect(text(onDisk(), 'a\0b')).toBe('EIO')
})

describe('a folder that may be searched but not listed', () => {
  // As for everybody but root: a test may be run by root, whom no mode keeps out.
  const closed = (volume: Volume, folder: string): Volume => ({
    ...volume,
    children: (path) => (path === folder ? { kind: 'failure', errno: 'EACCES' } : volume.children(path)),
    kind: (path) => volume.kind(path),
    link: (path) => volume.link(path),
    status: (path) => volume.status(path),
    open: (path) => volume.open(path),
  })
  const tree = volumeTree('t', { volume: closed(onDisk(), 'a'), inner: '' })
  const where = (asked: Tree, path: string): string => {
    const found = asked.lookup(path)
    return failed(found) ? found.errno : found.path
  }

  test('answers for each name that is asked for', () => {
    expect(['/a/link', '/a/deep', '/a/gone', '/a/gone/x'].map((path) => where(tree, path))).toEqual([
      '/a/deep/file',
      '/a/deep',
      'ENOENT',
      'ENOENT',
    ])
    expect(tree.children('/a')).toMatchObject({ errno: 'EACCES' })
    const folder = tree.folder('/a')
    expect(failed(folder) || folder.has('anything')).toBe(true)
  })

  test('shows what is laid over it, and not what is taken away', () => {
    const laid = tree.overlay(
      new Map([
        ['/a/new', { kind: 'file', content: bytesContent(Buffer.from('new')) }],
        ['/a/deep/file', { kind: 'removed' }],
        ['/a/link', { kind: 'removed' }],
      ]),
    )
    expect(['/a/new', '/a/deep', '/a/deep/file', '/a/link'].map((path) => where(laid, path))).toEqual([
      '/a/new',
      '/a/deep',
      'ENOENT',
      'ENOENT',
    ])
  })

  test('fails for every name where it cannot be searched either', () => {
    const gone = volumeTree('t', {
      volume: { ...closed(onDisk(), ''), children: () => ({ kind: 'failure', errno: 'EIO' }) },
      inner: '',
    })
    expect(where(gone, '/a')).toBe('EIO')
    const folder = gone.folder('/')
    expect(failed(folder) || folder.has('a')).toBe(false)
  })
})

describe('the digest of a file', () => {
  test('is that of its bytes, through links', () => {
    const tree = openFolderTree(makeFolder({ file: 'abc', link: { link: 'file' }, folder: null }))
    const digest = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
    expect(['/file', '/link', '/gone'].map((path) => fileDigest(tree, path))).toEqual([digest, digest, null])
  })

  test('is unknown of a file of which parts are missing', () => {
    const content = { size: 3, read: () => new Uint8Array(0) }
    const tree = volumeTree('t', { volume: memoryVolume(new Map([['f', { kind: 'file', content }]])), inner: '' })
    expect(fileDigest(tree, '/f')).toBeNull()
  })
})
