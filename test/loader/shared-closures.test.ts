/** Closures that worlds of one system share are what each world would resolve by itself. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Closure } from '../../src/domain/closure.ts'
import type { System, World } from '../../src/domain/system.ts'
import type { Tree } from '../../src/domain/tree.ts'
import { resolveClosure } from '../../src/loader/closure.ts'
import { SharedClosures } from '../../src/loader/shared-closures.ts'
import type { Readings } from '../../src/system/world.ts'
import { createWorld, SharedSymbols } from '../../src/system/world.ts'
import { bytesContent } from '../../src/tree/content.ts'
import { volumeTree } from '../../src/tree/folder.ts'
import type { MemoryEntry } from '../../src/tree/memory.ts'
import { memoryVolume } from '../../src/tree/memory.ts'
import { buildElf } from '../support/elf/build.ts'
import { makeWorld, program } from '../support/loader/world.ts'
import type { ElfSpec } from '../support/elf/spec.ts'
import type { FileSpec } from '../support/loader/world.ts'

/** Packages stand at /p/NAME; a world holds some of them, in an order that is also that of the library path. */
interface Where {
  readonly packages: readonly string[]
  readonly libraryPath?: boolean
  readonly preload?: string | null
}

/** Makes worlds of one system that share what they read. */
class Worlds {
  readonly #system: System
  readonly #machine: Tree
  readonly #readings: Readings = new Map()
  readonly #symbols = new SharedSymbols()

  constructor(system: System, packages: Readonly<Record<string, FileSpec>>) {
    this.#system = system
    const files = Object.entries(packages).map(([path, file]): [string, MemoryEntry] => {
      const bytes = typeof file === 'string' ? Buffer.from(file) : buildElf(file as ElfSpec)
      return [path.slice(1), { kind: 'file', content: bytesContent(bytes) }]
    })
    this.#machine = volumeTree('machine', { volume: memoryVolume(new Map(files)), inner: '' })
  }

  world({ packages, libraryPath = true, preload = null }: Where): World {
    const path = packages.map((name) => `/p/${name}/lib`).join(':')
    return createWorld({
      name: 'host',
      system: this.#system,
      mounts: packages.map((name) => ({ source: this.#machine, folder: `/p/${name}`, at: `/p/${name}` })),
      readings: this.#readings,
      symbols: this.#symbols,
      environment: { libraryPath: libraryPath ? path : null, preload },
    })
  }
}

function plain({
  objects,
  bindings,
  trace,
  scope,
  fatal,
  notes,
  rootIndex,
  interpreter,
  libc,
  root,
}: Closure): unknown {
  return { objects, bindings, trace, scope, fatal, notes, rootIndex, interpreter, libc, root }
}

const APP = '/p/app/bin/app'

const LIBSYSTEM = '/usr/lib/x86_64-linux-gnu/libsystem.so.1'

function studio(): Worlds {
  return new Worlds(makeWorld({ [LIBSYSTEM]: { soname: 'libsystem.so.1' } }).system, {
    [APP]: program({ needs: ['liba.so.1', 'libsystem.so.1', 'libc.so.6'] }),
    '/p/app/lib/plugin.so': { needs: ['liba.so.1'] },
    '/p/a1/lib/liba.so.1': { soname: 'liba.so.1', symbols: [{ name: 'one' }] },
    '/p/a2/lib/liba.so.1': { soname: 'liba.so.1', needs: ['libsystem.so.1'] },
    '/p/other/lib/libother.so.1': { soname: 'libother.so.1' },
    '/p/shadow/lib/libsystem.so.1': { soname: 'libsystem.so.1' },
  })
}

const files = ({ objects }: Closure): readonly (string | null)[] => objects.map(({ file }) => file)

describe('a world that gives the same answers', () => {
  test('takes the closure of another one as it is', () => {
    const worlds = studio()
    const shared = new SharedClosures()
    const first = shared.resolve(worlds.world({ packages: ['app', 'a1'] }), APP)
    const second = shared.resolve(worlds.world({ packages: ['other', 'a1', 'app'] }), APP)
    expect(second.bindings).toBe(first.bindings)
    expect(plain(second)).toEqual(plain(resolveClosure(worlds.world({ packages: ['app', 'a1'] }), APP)))
  })

  test('is asked itself how a start ends and what symbols are undefined', () => {
    const worlds = studio()
    const shared = new SharedClosures()
    const direct = shared.resolve(worlds.world({ packages: ['app', 'a1'] }), APP)
    const held = shared.resolve(worlds.world({ packages: ['app', 'a1'] }), APP)
    expect(held.start).toBe(direct.start)
    expect(held.symbols()).toEqual(direct.symbols())
  })
})

describe('a world that gives another answer', () => {
  test.each<[string, Where]>([
    ['has another version of a package', { packages: ['app', 'a2'] }],
    ['lacks a package', { packages: ['app'] }],
    ['has a package that hides a file of the system', { packages: ['app', 'a1', 'shadow'] }],
    ['has no library path', { packages: ['app', 'a1'], libraryPath: false }],
    ['preloads', { packages: ['app', 'a1', 'other'], preload: 'libother.so.1' }],
  ])('%s', (_, where) => {
    const worlds = studio()
    const shared = new SharedClosures()
    const first = shared.resolve(worlds.world({ packages: ['app', 'a1'] }), APP)
    const other = shared.resolve(worlds.world(where), APP)
    expect(files(other)).not.toEqual(files(first))
    expect(plain(other)).toEqual(plain(resolveClosure(worlds.world(where), APP)))
    // Both are known from now on.
    expect(shared.resolve(worlds.world({ packages: ['app', 'a1'] }), APP).bindings).toBe(first.bindings)
    expect(shared.resolve(worlds.world(where), APP).bindings).toBe(other.bindings)
  })
})

describe('what is kept', () => {
  const PLUGIN = '/p/app/lib/plugin.so'
  const OTHER = '/p/other/lib/libother.so.1'
  const one: Where = { packages: ['app', 'a1', 'other'] }

  /** Of roots that were resolved before, those that a new world takes over; whatever it gives is right. */
  function held(worlds: Worlds, shared: SharedClosures, before: readonly Closure[], where: Where): readonly string[] {
    const world = worlds.world(where)
    return before.flatMap((closure) => {
      const now = shared.resolve(world, closure.root)
      expect(plain(now)).toEqual(plain(resolveClosure(worlds.world(where), closure.root)))
      return now.bindings === closure.bindings ? [closure.root] : []
    })
  }

  test('of one root is as much as is told, what was asked for last above all', () => {
    const worlds = studio()
    const shared = new SharedClosures({ ofRoot: 2 })
    const wheres: readonly Where[] = [one, { packages: ['app', 'a2'] }, { packages: ['app'] }]
    const [first, second] = wheres.slice(0, 2).map((where) => shared.resolve(worlds.world(where), APP))
    expect(shared.resolve(worlds.world(one), APP).bindings).toBe(first?.bindings)
    shared.resolve(worlds.world({ packages: ['app'] }), APP)
    expect(held(worlds, shared, first === undefined ? [] : [first], one)).toEqual([APP])
    expect(held(worlds, shared, second === undefined ? [] : [second], { packages: ['app', 'a2'] })).toEqual([])
  })

  test('is no more than the most, but for the root that was asked for last', () => {
    const worlds = studio()
    const shared = new SharedClosures({ most: 1, enough: 1 })
    const world = worlds.world(one)
    const before = [APP, PLUGIN].map((root) => shared.resolve(world, root))
    expect(held(worlds, shared, before.slice(1), one)).toEqual([PLUGIN])
    expect(held(worlds, shared, before.slice(0, 1), one)).toEqual([])
  })

  test('is what was asked for lately where that is enough', () => {
    const worlds = studio()
    const shared = new SharedClosures({ enough: 0, lately: 1 })
    const world = worlds.world(one)
    const before = [APP, PLUGIN].map((root) => shared.resolve(world, root))
    shared.resolve(worlds.world(one), APP)
    shared.resolve(worlds.world(one), OTHER)
    expect(held(worlds, shared, before, one)).toEqual([APP])
  })

  test('is everything where that is little', () => {
    const worlds = studio()
    const shared = new SharedClosures({ lately: 0 })
    const before = [APP, PLUGIN, OTHER].map((root) => shared.resolve(worlds.world(one), root))
    expect(held(worlds, shared, before, one)).toEqual([APP, PLUGIN, OTHER])
  })
})

const NAMES = ['liba.so.1', 'libb.so.1', 'libc1.so', 'libd.so.2']
const PACKAGES = ['one', 'two', 'three', 'four']
const PATHS = ['$ORIGIN', '/p/two/lib', '$ORIGIN/../../three/lib', '/p/four/lib:$ORIGIN', '/usr/lib/odd', 'lib']

const needs = fc.uniqueArray(
  fc.constantFrom(...NAMES, 'libc.so.6', 'libsystem.so.1', '/p/one/lib/liba.so.1', '$ORIGIN/libb.so.1'),
)
const library = fc
  .record({
    soname: fc.constantFrom(...NAMES),
    needs,
    rpath: fc.constantFrom(...PATHS),
    runpath: fc.constantFrom(...PATHS),
    class: fc.constantFrom(64 as const, 64 as const, 64 as const, 32 as const),
    left: fc.subarray(['soname', 'rpath', 'runpath', 'class'] as const, { minLength: 2 }),
  })
  .map(({ left, ...spec }): ElfSpec =>
    Object.fromEntries(Object.entries(spec).filter(([name]) => !left.some((one) => one === name))),
  )
const file = fc.oneof({ arbitrary: library, weight: 8 }, { arbitrary: fc.constant('no object'), weight: 1 })
const places = fc.dictionary(
  fc.tuple(fc.constantFrom(...PACKAGES), fc.constantFrom(...NAMES)).map(([item, name]) => `/p/${item}/lib/${name}`),
  file,
  { minKeys: 3, maxKeys: 10 },
)
const where = fc.record({
  packages: fc.uniqueArray(fc.constantFrom(...PACKAGES)),
  libraryPath: fc.boolean(),
  preload: fc.constantFrom(null, null, null, 'libb.so.1'),
})

test('whatever packages hold, and in whatever order worlds come', () => {
  const { system } = makeWorld({ [LIBSYSTEM]: { needs: ['liba.so.1'] } })
  const readme = PACKAGES.map((name): [string, FileSpec] => [`/p/${name}/README`, 'text'])
  const property = fc.property(places, fc.array(where, { minLength: 2, maxLength: 5 }), (found, wheres) => {
    const roots = Object.keys(found)
    const worlds = new Worlds(system, { ...found, ...Object.fromEntries(readme) })
    const shared = new SharedClosures()
    for (const one of wheres) {
      const [ours, own] = [worlds.world(one), worlds.world(one)]
      for (const root of roots) {
        for (const inside of [null, roots[0] ?? '']) {
          const [ourClosure, ownClosure] = [
            shared.resolve(ours, root, { inside }),
            resolveClosure(own, root, { inside }),
          ]
          expect(JSON.stringify(plain(ourClosure))).toBe(JSON.stringify(plain(ownClosure)))
        }
      }
    }
  })
  fc.assert(property, { numRuns: 40 })
})

test('a library path whose tokens each program has its own values for is never shared', () => {
  const { system } = makeWorld({ '/usr/bin/app': program({ needs: ['libc.so.6'] }) })
  const world = createWorld({ name: 'host', system, environment: { libraryPath: '$ORIGIN/../lib' } })
  const shared = new SharedClosures()
  expect(shared.resolve(world, '/usr/bin/app').bindings).not.toBe(shared.resolve(world, '/usr/bin/app').bindings)
})
