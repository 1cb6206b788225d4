/** What is kept of a tree that is at hand, and what is said of what could not be. */
import { linkSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { faultText } from '../../../src/domain/fault.ts'
import { failed } from '../../../src/domain/tree.ts'
import type { Tree } from '../../../src/domain/tree.ts'
import { systemKeeper } from '../../../src/system/keep.ts'
import { keptVolume } from '../../../src/tree/archive/kept.ts'
import { keepTree } from '../../../src/tree/archive/walk.ts'
import { openFolderTree, volumeTree } from '../../../src/tree/folder.ts'
import { diskVolume } from '../../../src/tree/disk.ts'
import type { Volume } from '../../../src/tree/volume.ts'
import { buildElf } from '../../support/elf/build.ts'
import { makeFolder } from '../../support/system/folder.ts'

function walked(tree: Tree, own = false): { tree: Tree; skipped: readonly string[]; faults: readonly string[] } {
  const { root, skipped, faults } = keepTree(tree, systemKeeper, own)
  return {
    tree: volumeTree('kept', { volume: keptVolume(root), inner: '' }),
    skipped,
    faults: faults.map(faultText),
  }
}

function text(tree: Tree, path: string): string {
  const content = tree.content(path, 1000)
  return failed(content) ? content.errno : Buffer.from(content).toString('latin1')
}

/** A disk on which some things fail. */
function failing(root: string, over: Partial<Volume>): Tree {
  const volume = diskVolume(root)
  return volumeTree('t', { volume: { ...volume, ...over }, inner: '' })
}

const EACCES = { kind: 'failure', errno: 'EACCES' } as const

test('texts that matter are kept whole, of others their beginning, names and kinds of all', () => {
  const root = makeFolder({
    'etc/ld.so.conf': '/opt/lib\n',
    'usr/bin/script': '#!/bin/sh\necho long enough\n',
    'usr/share/text': 'a text of which nobody asks more',
    'usr/lib/liba.so': buildElf({ soname: 'liba.so' }),
    lib: { link: 'usr/lib' },
  })
  linkSync(join(root, 'usr/lib/liba.so'), join(root, 'usr/lib/libb.so'))
  execFileSync('mkfifo', [join(root, 'pipe')])
  const { tree, faults } = walked(openFolderTree(root))
  expect(faults).toEqual([])
  expect(text(tree, '/etc/ld.so.conf')).toBe('/opt/lib\n')
  expect(text(tree, '/usr/bin/script')).toBe('#!/bin/sh\necho long enough\n')
  expect(text(tree, '/usr/share/text').replaceAll('\0', '')).toBe('a te')
  expect([tree.link('/lib'), text(tree, '/pipe')]).toEqual(['usr/lib', 'EACCES'])
  // Two names of one file stay one file.
  expect(tree.status('/usr/lib/liba.so')).toEqual(tree.status('/lib/libb.so'))
})

test('what cannot be listed, told of or opened is said, and its name is kept', () => {
  const root = makeFolder({ 'etc/a.conf': 'a', 'etc/b.conf': 'b', 'usr/lib/x': 'x', 'opt/y': 'y' })
  const disk = diskVolume(root)
  const tree = failing(root, {
    children: (path) => (path === 'usr/lib' ? EACCES : disk.children(path)),
    status: (path) => (path === 'etc/a.conf' || path === 'opt' ? EACCES : disk.status(path)),
    open: (path) => (path === 'etc/b.conf' ? EACCES : disk.open(path)),
    link: () => null,
  })
  const found = walked(tree)
  expect(found.faults).toEqual([
    '/etc/a.conf: cannot be read (EACCES)',
    '/etc/b.conf: cannot be opened (EACCES)',
    '/usr/lib: cannot be listed (EACCES)',
  ])
  expect(['/etc/a.conf', '/etc/b.conf', '/usr/lib', '/opt/y'].map((path) => found.tree.lookup(path).kind)).toEqual([
    'other',
    'other',
    'folder',
    'file',
  ])
})

test('of very many faults the first ones are said', () => {
  const root = makeFolder(Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`etc/${i}.conf`, ''])))
  expect(walked(failing(root, { open: () => EACCES })).faults).toHaveLength(64)
})

test('folders within folders end somewhere, which is said', () => {
  const deep = `${'d/'.repeat(520)}file`
  const { tree, faults } = walked(openFolderTree(makeFolder({ [deep]: 'x' })))
  expect(faults).toEqual([`${'/d'.repeat(513)}: lies more than 512 folders deep; what it holds is left out`])
  expect(tree.lookup('/d'.repeat(513)).kind).toBe('folder')
})

test('of this machine what is no part of the system is left out: its pseudo folders, and other disks', () => {
  const root = makeFolder({
    'proc/1/exe': '',
    'home/me/x': '',
    'mnt/share/x': '',
    'usr/local/x': '',
    'opt/x': '',
    'gone/x': '',
  })
  const disk = diskVolume(root)
  const tree = failing(root, {
    status: (path) => {
      const status = disk.status(path)
      if (path === 'gone') return EACCES
      // Shares, one of them below a folder of the system, one that is its own disk from the top.
      return failed(status) || !/^(?:mnt\/share|usr\/local|opt)/.test(path) ? status : { ...status, identity: '99:1' }
    },
  })
  const own = walked(tree, true)
  const isThere = (one: Tree): readonly boolean[] =>
    ['/proc/1', '/home/me/x', '/mnt/share/x', '/usr/local/x', '/opt/x', '/gone/x'].map(
      (path) => !failed(one.lookup(path)),
    )
  expect(isThere(own.tree)).toEqual([false, true, false, true, true, false])
  expect(own.skipped).toEqual(['/gone', '/mnt/share'])
  // Somebody else's root is taken as it is.
  expect(isThere(walked(tree).tree)).toEqual([true, true, true, true, true, true])
})
