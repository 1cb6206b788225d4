/** One composed tree: where packages land over a base, what keeps its metadata, and what is refused. */
import { chmodSync, chownSync, linkSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Environment, Package } from '../../src/domain/context.ts'
import { imageClock } from '../../src/image/compose/clock.ts'
import { Composition, FIXED_TIME } from '../../src/image/compose/composition.ts'
import { addFolderBase } from '../../src/image/compose/folder-base.ts'
import { addMade } from '../../src/image/compose/made.ts'
import { addPackages } from '../../src/image/compose/packages.ts'
import { addRepairs } from '../../src/image/compose/repairs.ts'
import { compositionTree } from '../../src/image/compose/view.ts'
import { bytesContent } from '../../src/tree/content.ts'
import { openFolderTree } from '../../src/tree/folder.ts'
import { makeFolder } from '../support/system/folder.ts'

const NO_ENVIRONMENT: Environment = { variables: [], aliases: [] }

function packageAt(root: string, over: Partial<Package> = {}): Package {
  return {
    name: 'tool',
    version: '1.0',
    variant: null,
    variantRequires: [],
    requires: [],
    buildRequires: [],
    privateBuildRequires: [],
    tools: [],
    repository: root,
    definition: join(root, 'package.py'),
    base: root,
    root,
    payload: [root],
    excluded: [],
    unevaluated: [],
    ...over,
  }
}

async function composed(
  base: string,
  items: readonly Package[],
  to: string | null = null,
  epoch: number | null = null,
) {
  const composition = new Composition(null)
  const clock = imageClock(epoch)
  const machine = openFolderTree('/')
  const added = await addFolderBase(composition, base, clock)
  const first = items[0]
  const relocations = to === null || first === undefined ? [] : [{ from: first.base, to }]
  const packages = await addPackages(
    items.map((item) => ({ item, environment: NO_ENVIRONMENT })),
    { composition, machine, relocations, clock, progress: () => undefined },
  )
  const setting = { composition, machine, relocations, clock, patch: (bytes: Uint8Array) => bytes }
  const notes = [...added.notes, ...packages.notes]
  return { composition, clock, setting, faults: [...added.faults, ...packages.faults], notes }
}

const MERGED = { 'usr/lib/libc.so.6': 'c', 'usr/bin/sh': 'sh', lib: { link: 'usr/lib' }, bin: { link: 'usr/bin' } }

describe('packages over a base', () => {
  test('a parent that is a link of the base is followed: lib leads to usr/lib', async () => {
    const root = makeFolder({ 'package.py': 'name = "tool"', 'a.so': 'a' })
    const { composition, faults } = await composed(makeFolder(MERGED), [packageAt(root)], '/lib/studio/tool')
    expect(faults).toEqual([])
    expect(composition.nodes.get('lib')).toMatchObject({ kind: 'link', target: 'usr/lib' })
    expect(composition.nodes.has('usr/lib/studio/tool/a.so')).toBe(true)
    expect([...composition.nodes.keys()].filter((path) => path.startsWith('lib/'))).toEqual([])
  })

  test('folders of the base keep their modes, owners and times', async () => {
    const base = makeFolder({ ...MERGED, 'opt/keep': 'x' })
    chmodSync(join(base, 'opt'), 0o1777)
    utimesSync(join(base, 'opt'), 1000, 1000)
    const root = makeFolder({ 'package.py': '' })
    const { composition } = await composed(base, [packageAt(root)], '/opt')
    expect(composition.nodes.get('opt')).toMatchObject({ mode: 0o1777, modified: 1000, owner: { kind: 'base' } })
  })

  test('new folders and payload belong to root, and folders have a time that no release changes', async () => {
    const root = makeFolder({ 'package.py': '', 'bin/tool': '' })
    chmodSync(join(root, 'bin/tool'), 0o755)
    utimesSync(join(root, 'bin/tool'), 1234, 1234)
    const { composition } = await composed(makeFolder(MERGED), [packageAt(root)], '/rez/tool/1.0')
    expect(composition.nodes.get('rez/tool')).toMatchObject({ owner: { kind: 'parent' }, modified: FIXED_TIME })
    expect(composition.nodes.get('rez/tool/1.0/bin')).toMatchObject({ uid: 0, gid: 0, modified: FIXED_TIME })
    const tool = { mode: 0o755, uid: 0, gid: 0, modified: 1234, owner: { kind: 'package', id: 'tool-1.0' } }
    expect(composition.nodes.get('rez/tool/1.0/bin/tool')).toMatchObject(tool)
  })

  test('a setuid file of an ordinary user would be setuid root in the image: it loses the bit, and is told', async () => {
    const root = makeFolder({ 'package.py': '', 'bin/mine': '', 'bin/group': '', 'bin/plain': '' })
    for (const [name, mode] of [['mine', 0o4755] as const, ['group', 0o2755] as const]) {
      const path = join(root, 'bin', name)
      if (process.getuid?.() === 0) chownSync(path, 4711, 4711)
      chmodSync(path, mode)
    }
    const { composition, notes } = await composed(makeFolder(MERGED), [packageAt(root)], '/rez/tool/1.0')
    for (const name of ['mine', 'group']) expect(composition.nodes.get(`rez/tool/1.0/bin/${name}`)?.mode).toBe(0o755)
    expect(notes.at(-1)).toMatch(/setuid or setgid.*: \/rez\/tool\/1\.0\/bin\/group, \/rez\/tool\/1\.0\/bin\/mine$/)
  })

  test.runIf(process.getuid?.() === 0)("a setuid file of root's stays what it is", async () => {
    const root = makeFolder({ 'package.py': '', 'bin/sandbox': '' })
    chmodSync(join(root, 'bin/sandbox'), 0o4755)
    const { composition, notes } = await composed(makeFolder(MERGED), [packageAt(root)], '/rez/tool/1.0')
    expect(composition.nodes.get('rez/tool/1.0/bin/sandbox')?.mode).toBe(0o4755)
    expect(notes).toEqual([])
  })

  test('a hashed variant that is moved keeps the short link by which Rez finds it', async () => {
    const base = makeFolder({ 'package.py': '', 'a94a8fe5/lib/a.so': 'a', '_v/a': { link: '../a94a8fe5' } })
    const root = join(base, '_v/a')
    const { composition, faults } = await composed(
      makeFolder(MERGED),
      [packageAt(base, { root, payload: [root] })],
      '/rez/tool/1.0',
    )
    expect(faults).toEqual([])
    expect(composition.nodes.get('rez/tool/1.0/_v/a')).toMatchObject({ kind: 'link', target: '../a94a8fe5' })
    expect(composition.nodes.has('rez/tool/1.0/a94a8fe5/lib/a.so')).toBe(true)
  })

  test('a folder over a file, and a file over a folder, are faults that name the path', async () => {
    const root = makeFolder({ 'package.py': '', 'x/y': '' })
    const over = await composed(makeFolder({ ...MERGED, 'opt/x': 'a file' }), [packageAt(root)], '/opt')
    expect(over.faults.map(({ file, message }) => `${file} ${message}`)).toContainEqual(
      '/opt/x cannot be a folder: a file of that name stands in the image',
    )
    const file = makeFolder({ 'package.py': '', x: '' })
    const under = await composed(makeFolder({ ...MERGED, 'opt/x/y': '' }), [packageAt(file)], '/opt')
    expect(under.faults.map(({ message }) => message)).toEqual([
      'cannot be a file: a folder of that name stands in the image',
    ])
    const inside = await composed(makeFolder({ ...MERGED, opt: 'a file' }), [packageAt(file)], '/opt/tool')
    expect(inside.faults[0]?.message).toBe('cannot be a folder: /opt is a file in the image')
  })

  test('names of one file stay one file inside a package, and pipes are left out and counted', async () => {
    const base = makeFolder({ ...MERGED, 'usr/bin/perl': 'perl' })
    linkSync(join(base, 'usr/bin/perl'), join(base, 'usr/bin/perl5'))
    const { composition } = await composed(base, [])
    const identity = (path: string): unknown => {
      const node = composition.nodes.get(path)
      return node?.kind === 'file' ? node.identity : undefined
    }
    expect(identity('usr/bin/perl')).not.toBeNull()
    expect(identity('usr/bin/perl')).toBe(identity('usr/bin/perl5'))
    expect(identity('usr/bin/sh')).toBeNull()
  })

  test('variants that are not in the context stay outside; the definition comes along', async () => {
    const base = makeFolder({ 'package.py': 'name = "tool"', 'py3/a': '', 'py2/b': '', README: '' })
    const root = join(base, 'py3')
    const { composition } = await composed(makeFolder(MERGED), [packageAt(base, { root, payload: [root] })], '/rez/t')
    const names = [...composition.nodes.keys()].filter((path) => path.startsWith('rez/t/')).sort()
    expect(names).toEqual(['rez/t/README', 'rez/t/package.py', 'rez/t/py3', 'rez/t/py3/a'])
  })

  test('what a variable names beside the variant comes along', async () => {
    const base = makeFolder({ 'package.py': '', 'py3/a': '', 'python/m.py': '' })
    const root = join(base, 'py3')
    const composition = new Composition(null)
    const entries = [{ value: join(base, 'python'), package: 'tool-1.0' }]
    const environment = { variables: [{ name: 'PYTHONPATH', entries, separator: ':' }], aliases: [] }
    await addPackages([{ item: packageAt(base, { root, payload: [root] }), environment }], {
      composition,
      machine: openFolderTree('/'),
      relocations: [],
      clock: imageClock(null),
      progress: () => undefined,
    })
    expect(composition.nodes.has(join(base, 'python/m.py').slice(1))).toBe(true)
  })

  test('links on the way to a package are kept, so that both names lead to it', async () => {
    const store = makeFolder({ 'store/tool/package.py': '' })
    symlinkSync(join(store, 'store'), join(store, 'rez'))
    const { composition, faults } = await composed(makeFolder(MERGED), [packageAt(join(store, 'rez/tool'))])
    expect(faults).toEqual([])
    expect(composition.kind(join(store, 'rez').slice(1))).toBe('link')
    const tree = compositionTree(composition, 'image')
    expect(tree.lookup(join(store, 'rez/tool/package.py'))).toMatchObject({
      path: join(store, 'store/tool/package.py'),
    })
  })

  test('a package inside another one keeps its own files', async () => {
    const outer = makeFolder({ 'package.py': '', 'inner/package.py': '', 'inner/f': '' })
    const inner = packageAt(join(outer, 'inner'), { name: 'inner' })
    const { composition } = await composed(makeFolder(MERGED), [packageAt(outer), inner])
    const owner = (path: string): unknown => composition.nodes.get(join(outer, path).slice(1))?.owner
    expect(owner('inner/f')).toEqual({ kind: 'package', id: 'inner-1.0' })
    expect(owner('package.py')).toEqual({ kind: 'package', id: 'tool-1.0' })
  })
})

describe('times', () => {
  test('SOURCE_DATE_EPOCH is the latest time, and what it cuts is counted', async () => {
    const root = makeFolder({ 'package.py': '', old: '', new: '' })
    utimesSync(join(root, 'old'), 1000, 1000)
    utimesSync(join(root, 'new'), 9000, 9000)
    utimesSync(join(root, 'package.py'), 1000, 1000)
    const { composition, clock } = await composed(makeFolder({}), [packageAt(root)], '/t', 5000)
    expect(composition.nodes.get('t/old')?.modified).toBe(1000)
    expect(composition.nodes.get('t/new')?.modified).toBe(5000)
    expect([clock.cut, clock.newest()]).toEqual([1, 5000])
  })

  test('without it the image is as old as its newest file', async () => {
    const root = makeFolder({ 'package.py': '', f: '' })
    utimesSync(join(root, 'f'), 9000, 9000)
    utimesSync(join(root, 'package.py'), 1000, 1000)
    const { clock } = await composed(makeFolder({}), [packageAt(root)], '/t')
    expect(clock.newest()).toBe(9000)
  })
})

describe('repairs', () => {
  test('a graft belongs to the system, a link in a package to the package, a removed file is gone', async () => {
    const host = makeFolder({ 'usr/lib/libx.so.1': 'graft' })
    utimesSync(join(host, 'usr/lib/libx.so.1'), 77, 77)
    const root = makeFolder({ 'package.py': '', 'lib/libz.so.1': 'bundled', 'lib/libq.so.1.2': 'q' })
    const { composition, setting } = await composed(makeFolder(MERGED), [packageAt(root)])
    const faults = addRepairs(
      {
        packages: new Map([
          [join(root, 'lib/libz.so.1'), { kind: 'removed' as const }],
          [join(root, 'lib/libq.so.1'), { kind: 'link' as const, target: 'libq.so.1.2' }],
        ]),
        image: new Map([
          ['/lib/graft/libx.so.1', { kind: 'from' as const, source: openFolderTree(host), path: '/usr/lib/libx.so.1' }],
        ]),
      },
      setting,
    )
    expect(faults).toEqual([])
    expect(composition.kind(join(root, 'lib/libz.so.1').slice(1))).toBeNull()
    expect(composition.nodes.get(join(root, 'lib/libq.so.1').slice(1))?.owner).toMatchObject({ kind: 'package' })
    expect(composition.nodes.get('usr/lib/graft/libx.so.1')).toMatchObject({ modified: 77, owner: { kind: 'os' } })
    const content = compositionTree(composition, 'image').content('/lib/graft/libx.so.1', 100)
    expect(content).toEqual(Uint8Array.from(Buffer.from('graft')))
  })

  test('a file of an OS package that only an index knows is a fault', async () => {
    const { setting } = await composed(makeFolder(MERGED), [])
    const reading = { header: null, object: null, size: 0, faults: [] }
    const image = new Map([['/usr/lib/liby.so', { kind: 'object' as const, reading }]])
    expect(addRepairs({ packages: new Map(), image }, setting)[0]?.message).toContain('install the package in the base')
  })

  test('what the image alone gets inside of a package moves with the package', async () => {
    const root = makeFolder({ 'package.py': '', 'lib/private/readme': '' })
    const { composition, setting } = await composed(makeFolder(MERGED), [packageAt(root)], '/rez/tool/1.0')
    const target = '/opt/airtight/graft/private/libx.so.1/libx.so.1.2'
    const image = new Map([[join(root, 'lib/private/libx.so.1'), { kind: 'link' as const, target }]])
    expect(addRepairs({ packages: new Map(), image }, setting)).toEqual([])
    const link = composition.nodes.get('rez/tool/1.0/lib/private/libx.so.1')
    expect(link).toMatchObject({ kind: 'link', target, owner: { kind: 'package', id: 'tool-1.0' } })
  })

  test('a file that is given as bytes replaces the one that was there', async () => {
    const root = makeFolder({ 'package.py': '', 'bin/t': 'old' })
    const { composition, setting } = await composed(makeFolder(MERGED), [packageAt(root)])
    const packages = new Map([
      [join(root, 'bin/t'), { kind: 'file' as const, content: bytesContent(Buffer.from('new')), mode: 0o755 }],
    ])
    expect(addRepairs({ packages, image: new Map() }, setting)).toEqual([])
    expect(composition.nodes.get(join(root, 'bin/t').slice(1))).toMatchObject({ size: 3, mode: 0o755 })
  })
})

test('an unreadable file is a fault before anything is written', async () => {
  if (process.getuid?.() === 0) return
  const base = makeFolder(MERGED)
  writeFileSync(join(base, 'usr/bin/secret'), 'x', { mode: 0 })
  const { faults } = await composed(base, [])
  expect(faults.map(({ file }) => file)).toEqual([join(base, 'usr/bin/secret')])
})

test('made files land behind the links of the base', () => {
  const composition = new Composition(null)
  const status = { owner: { kind: 'base' as const }, mode: 0o777, uid: 0, gid: 0, modified: 5 }
  composition.nodes.set('etc', { ...status, kind: 'link', target: 'usr/etc' })
  expect(addMade(composition, [{ path: 'etc/airtight/environment.sh', text: 'x' }])).toEqual([])
  expect(composition.nodes.has('usr/etc/airtight/environment.sh')).toBe(true)
})

test('links in a circle are a fault, not a hang', () => {
  const composition = new Composition(null)
  const status = { owner: { kind: 'base' as const }, mode: 0o777, uid: 0, gid: 0, modified: 5 }
  composition.nodes.set('a', { ...status, kind: 'link', target: 'b' })
  composition.nodes.set('b', { ...status, kind: 'link', target: '/a' })
  expect(composition.folder('a/x')).toMatchObject({ message: 'leads in a circle of links in the image' })
})
