/** Cutting into layers: nothing is lost or twice, one release changes one layer, and order never matters. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Node, Owner } from '../../src/image/compose/composition.ts'
import { Composition, parentOf } from '../../src/image/compose/composition.ts'
import { cutLayers, layerFingerprint } from '../../src/image/layers/cut.ts'
import type { PackageWeight } from '../../src/image/layers/group.ts'
import { groupPackages } from '../../src/image/layers/group.ts'
import type { ImageEntry, NewLayer } from '../../src/image/model.ts'

const MEGABYTE = 1024 * 1024

function file(owner: Owner, text: string, identity: string | null = null): Node {
  const bytes = Buffer.from(text)
  const status = { owner, mode: 0o644, uid: 0, gid: 0, modified: 9 }
  return { ...status, kind: 'file', size: bytes.length, identity, content: { kind: 'bytes', bytes } }
}

function composition(files: Readonly<Record<string, Node>>): Composition {
  const made = new Composition(null)
  for (const [path, node] of Object.entries(files)) {
    const folder = made.folder(parentOf(path))
    expect(typeof folder).toBe('string')
    expect(made.put(path, node)).toBeNull()
  }
  return made
}

const of = (id: string): Owner => ({ kind: 'package', id })
const CUT = { packages: [], baseLayers: 0, limit: 100 }

/** What a stack of layers shows: hard links as the files they name. */
function shown(layers: readonly NewLayer[]): ReadonlyMap<string, unknown> {
  const all = new Map<string, unknown>()
  for (const { entries } of layers) {
    const own = new Map<string, ImageEntry>()
    for (const entry of entries) {
      own.set(entry.path, entry)
      const real = entry.kind === 'hard-link' ? own.get(entry.to) : entry
      all.set(entry.path, { ...real, path: entry.path })
    }
  }
  return all
}

const owners = fc.oneof(
  fc.constantFrom<Owner>({ kind: 'base' }, { kind: 'os' }, { kind: 'environment' }),
  fc.constantFrom('a-1', 'b-1', 'c-2', 'd-1').map(of),
)

test('the layered tree is the composed tree, whatever owns what and whatever the limit', () => {
  const path = fc
    .array(fc.constantFrom('x', 'y', 'z', 'w'), { minLength: 1, maxLength: 4 })
    .map((parts) => parts.join('/'))
  const entry = fc.tuple(path, owners, fc.string({ maxLength: 3 }), fc.constantFrom(null, null, 'one'))
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 20 }), fc.integer({ min: 4, max: 12 }), (items, limit) => {
      const made = new Composition(null)
      for (const [at, owner, text, identity] of items) {
        const folder = made.folder(parentOf(at))
        if (typeof folder !== 'string') continue
        // One file has one content.
        const node = identity === null ? file(owner, text) : file(owner, 'same', `${JSON.stringify(owner)} ${identity}`)
        made.put(at, node)
      }
      const layers = cutLayers(made, { ...CUT, limit })
      expect(layers.length).toBeLessThanOrEqual(limit)
      const tree = shown(layers)
      expect([...tree.keys()].sort()).toEqual([...made.nodes.keys()].sort())
      for (const [at, node] of made.nodes) {
        const { mode, uid, gid, modified, kind } = node
        expect(tree.get(at)).toMatchObject({ path: at, mode, uid, gid, modified, kind })
        if (node.kind === 'file') expect(tree.get(at)).toMatchObject({ content: node.content })
      }
      for (const { entries } of layers) {
        const paths = entries.map((one) => one.path)
        expect(new Set(paths).size).toBe(paths.length)
        // Folders stand before what is in them, and every layer brings the folders that it needs.
        paths.forEach((at, index) => {
          if (parentOf(at) !== '') expect(paths.indexOf(parentOf(at))).toBeLessThan(index)
          if (parentOf(at) !== '') expect(paths).toContain(parentOf(at))
        })
        expect(paths.some((at) => at.includes('.wh.'))).toBe(false)
      }
    }),
  )
})

test('the order in which files were met changes nothing', () => {
  const files = {
    'a/1': file(of('a-1'), 'x'),
    'b/1': file(of('b-1'), 'y'),
    'etc/e': file({ kind: 'environment' }, 'z'),
  }
  const there = cutLayers(composition(files), CUT)
  const back = cutLayers(composition(Object.fromEntries(Object.entries(files).reverse())), CUT)
  expect(back).toEqual(there)
})

test('a file with several names is one file in its layer, and the first name in order holds it', () => {
  const id = 'a 1:2'
  const [layer] = cutLayers(
    composition({ 'a/z': file(of('a-1'), 'x', id), 'a/b': file(of('a-1'), 'x', id), 'a/m': file(of('a-1'), 'x') }),
    CUT,
  )
  expect(layer?.entries.map((entry) => `${entry.kind} ${entry.path}`)).toEqual([
    'folder a',
    'file a/b',
    'file a/m',
    'hard-link a/z',
  ])
})

describe('groups', () => {
  const small = (name: string, users = 0): PackageWeight => ({ id: `${name}-1`, name, users, size: 1000 })
  const many = Array.from({ length: 60 }, (_, at) => small(`p${at}`, at % 3))

  test('a large package has a layer of its own; whether it is shared says which kind', () => {
    const groups = groupPackages(
      [
        { id: 'app-1', name: 'app', users: 0, size: 100 * MEGABYTE },
        { id: 'lib-1', name: 'lib', users: 5, size: 100 * MEGABYTE },
        small('a'),
      ],
      100,
    )
    expect(groups.map((group) => [group.class, group.packages])).toEqual([
      ['libraries', ['lib-1']],
      ['application', ['app-1']],
      ['packages', ['a-1']],
    ])
  })

  test('each package is in one group, and there are never more than the limit', () => {
    for (const limit of [1, 2, 5, 20, 97]) {
      const groups = groupPackages(many, limit)
      expect(groups.length).toBeLessThanOrEqual(limit)
      expect(groups.flatMap(({ packages }) => packages).sort()).toEqual(many.map(({ id }) => id).sort())
    }
  })

  test('a new release stays in the group of the old one, and changes no other', () => {
    const before = groupPackages(many, 97).map(({ packages }) => packages.join(' '))
    const next = many.map((item) => (item.name === 'p30' ? { ...item, id: 'p30-2' } : item))
    const after = groupPackages(next, 97).map(({ packages }) => packages.join(' '))
    expect(after.filter((group) => !before.includes(group))).toHaveLength(1)
  })

  test('a package that comes or goes changes at most two groups', () => {
    const before = groupPackages(many, 97).map(({ packages }) => packages.join(' '))
    for (const gone of many) {
      const after = groupPackages(
        many.filter((item) => item !== gone),
        97,
      ).map(({ packages }) => packages.join(' '))
      expect(after.filter((group) => !before.includes(group)).length).toBeLessThanOrEqual(1)
      expect(before.filter((group) => !after.includes(group)).length).toBeLessThanOrEqual(2)
    }
  })
})

test('one changed file of one package changes one fingerprint; a time that nobody cut does as well', () => {
  const files = Object.fromEntries(
    Array.from({ length: 20 }, (_, at) => [`rez/p${at}/f`, file(of(`p${at}-1`), `text ${at}`)]),
  )
  const prints = (made: Composition): readonly string[] => cutLayers(made, CUT).map((layer) => layerFingerprint(layer))
  const before = prints(composition(files))
  expect(before.length).toBeGreaterThan(2)
  const changed = prints(composition({ ...files, 'rez/p7/f': file(of('p7-1'), 'changed') }))
  expect(changed.filter((print) => !before.includes(print))).toHaveLength(1)
  const touched = prints(composition({ ...files, 'rez/p7/f': { ...file(of('p7-1'), 'text 7'), modified: 10 } }))
  expect(touched.filter((print) => !before.includes(print))).toHaveLength(1)
})
