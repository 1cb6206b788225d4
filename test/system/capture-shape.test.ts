/** Captures that no Airtight wrote: a fault in one line, or a system that answers, whatever the JSON in them says. */
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Fault } from '../../src/domain/fault.ts'
import type { System } from '../../src/domain/system.ts'
import { failed } from '../../src/domain/tree.ts'
import { openSource } from '../../src/system/source.ts'
import { makeFolder } from '../support/system/folder.ts'

interface Parts {
  readonly head?: Readonly<Record<string, unknown>>
  readonly names?: unknown
  readonly files?: unknown
  readonly owners?: unknown
  /** Blocks of `core` and of `symbols`. */
  readonly core?: readonly string[]
  readonly symbols?: readonly string[]
}

/** A capture with these parts, as docs/captures.md has it. */
function capture({ head = {}, names = [], files = [], owners = [], core = [], symbols = [] }: Parts): Buffer {
  const packed: Buffer[] = []
  const place = (text: string): [number, number, number] => {
    const offset = packed.reduce((sum, part) => sum + part.length, 0)
    const part = deflateSync(Buffer.from(text, 'latin1'))
    packed.push(part)
    return [offset, part.length, text.length]
  }
  const json = (value: unknown): [number, number, number] => place(JSON.stringify(value))
  const full = {
    schema: 'airtight/capture/v1',
    label: 'made',
    environment: [],
    platform: null,
    notes: [],
    names: json(names),
    files: json(files),
    owners: json(owners),
    core: core.map(place),
    symbols: symbols.map(place),
    ...head,
  }
  const bytes = deflateSync(JSON.stringify(full))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(bytes.length)
  const digest = createHash('sha256').update(bytes).digest().subarray(0, 16)
  return Buffer.concat([Buffer.from('airtight/capture/v1\n'), length, digest, bytes, ...packed])
}

async function open(parts: Parts): Promise<System | Fault> {
  const file = join(makeFolder({}), 'x.capture')
  writeFileSync(file, capture(parts))
  return openSource(file, null)
}

async function system(parts: Parts): Promise<System> {
  const found = await open(parts)
  if ('message' in found) throw new Error(found.message)
  return found
}

function text(of: System, path: string): string {
  const content = of.tree.content(path, 1000)
  return failed(content) ? content.errno : Buffer.from(content).toString()
}

const NO: readonly [number, number, readonly number[]] = [0, 0, []]

test('files, links, devices and owners as the page on captures describes them', async () => {
  const found = await system({
    head: {
      environment: ['LD_LIBRARY_PATH=/opt'],
      platform: 'linux/amd64',
      notes: ['a note'],
      more: 'of a later writer',
    },
    names: [
      [
        'folder',
        0,
        0o700,
        -5,
        [
          ['whole', 1, 0o600, 0],
          ['again', 1, 0o600, 0],
        ],
      ],
      ['parts', 1, 0o755, 1],
      ['zeros', 1, 0o755, 2],
      ['empty', 1, 0o644, 3],
      ['blank', 2, 0o644, 9, '#!x'],
      ['link', 3, 'folder/whole'],
      ['device', 4],
    ],
    files: [
      [0, 5, -7, [0, 0, [0, 5]], NO],
      [1, 20, 0, [0, 5, [2, 3]], [0, 0, [10, 4]]],
      [2, 8, 0, [1, 0, [3, 2]], NO],
      // Of an empty file no block was written.
      [0, 0, 0, [7, 0, [0, 0]], NO],
    ],
    owners: [
      ['apk', 'a', '1', ['/folder/whole']],
      ['rpm', 'b', '2', ['/folder/whole', '/parts']],
      ['pacman', 'c', '3', []],
    ],
    core: ['wholeabc', 'xy'],
    symbols: ['symb'],
  })
  expect(['/folder/whole', '/link', '/empty', '/device'].map((path) => text(found, path))).toEqual([
    'whole',
    'whole',
    '',
    'EACCES',
  ])
  expect(text(found, '/zeros')).toBe('\0\0\0xy\0\0\0')
  expect(text(found, '/blank')).toBe('#!x\0\0\0\0\0\0')
  expect(found.tree.status('/folder')).toMatchObject({ mode: 0o700, modified: -5 })
  expect(found.tree.status('/folder/again')).toEqual(found.tree.status('/folder/whole'))
  const parts = found.tree.open('/parts')
  if (failed(parts)) throw new Error(parts.errno)
  // What only symbols need is unpacked when the rest does not answer.
  expect([2, 10, 15].map((at) => Buffer.from(parts.read(at, 4)).toString())).toEqual(['abc', 'symb', ''])
  expect(found.owner('/folder/whole')).toEqual({ manager: 'apk', name: 'a', version: '1' })
  expect(found.owner('/parts')).toEqual({ manager: 'rpm', name: 'b', version: '2' })
  expect([found.owner('/gone'), found.packageFiles('b'), found.packageFiles('z')]).toEqual([
    null,
    ['/folder/whole', '/parts'],
    [],
  ])
  expect(found.packages().map(({ manager }) => manager)).toEqual(['apk', 'rpm', 'dpkg'])
  expect(found.notes.join('\n')).toContain('a note')
  expect(found.faults).toEqual([])
})

describe('is refused', () => {
  const deep = Array.from({ length: 1100 }).reduce<unknown>((inner) => [['d', 0, 0, 0, inner]], [])
  const whole = ['f', 1, 0o644, 0]

  test.each<[string, Parts, string]>([
    ['a head that is no object', { head: { label: 3 } }, 'its index is malformed'],
    ['an environment of numbers', { head: { environment: [1] } }, 'its index is malformed'],
    ['a platform that is none', { head: { platform: 1 } }, 'its index is malformed'],
    ['a place that is none', { head: { names: [0, 'x', 1] } }, 'its index is malformed'],
    ['a place of two numbers', { head: { owners: [0, 1] } }, 'its index is malformed'],
    ['blocks that are none', { head: { core: 'x' } }, 'its index is malformed'],
    ['a place behind the end', { head: { symbols: [[1e6, 5, 5]] } }, 'it ends too early'],
    ['a part that unpacks to too much', { head: { names: [0, 10, 2 ** 40] } }, 'a part of it is too large'],
    ['names that are no list', { names: {} }, 'its index is malformed'],
    ['a node that is none', { names: ['x'] }, 'its index is malformed'],
    ['a name that is no text', { names: [[3, 4]] }, 'its index is malformed'],
    ['a node of a kind that there is not', { names: [['x', 9]] }, 'its index is malformed'],
    ['a folder without a list', { names: [['x', 0, 0, 0]] }, 'its index is malformed'],
    ['a file of half a byte', { names: [['x', 2, 0, 0.5, '']] }, 'its index is malformed'],
    ['a file without its beginning', { names: [['x', 2, 0, 5]] }, 'its index is malformed'],
    ['a file with a negative number', { names: [['x', 1, 0, -1]] }, 'its index is malformed'],
    ['a link without a target', { names: [['x', 3]] }, 'its index is malformed'],
    ['a file that it does not have', { names: [whole] }, 'it names a file that it does not have'],
    ['folders without end', { names: deep }, 'its folders are too deep'],
    ...['', '.', '..', 'a/b'].map((name): [string, Parts, string] => [
      `the name ${JSON.stringify(name)}`,
      { names: [[name, 4]] },
      'it has a name that is none',
    ]),
    ['files that are no list', { files: 3 }, 'its index is malformed'],
    ['a file that is no list', { files: [3] }, 'its index is malformed'],
    ['a file of a kind that there is not', { files: [[3, 1, 0, NO, NO]] }, 'its index is malformed'],
    ['a file without stretches', { files: [[0, 1, 0, NO]] }, 'its index is malformed'],
    ['stretches that are no list', { files: [[0, 1, 0, NO, [0, 0, 'x']]] }, 'its index is malformed'],
    ['a stretch without a length', { files: [[0, 1, 0, [0, 0, [1]], NO]] }, 'its index is malformed'],
    [
      'a block that it does not have',
      { files: [[0, 1, 0, [0, 0, [0, 1]], NO]] },
      'it names a block that it does not have',
    ],
  ])('%s', async (_, parts, reason) => {
    expect(await open(parts)).toMatchObject({
      kind: 'malformed',
      message: `is no capture that can be used: ${reason}; capture the system again`,
    })
  })

  test('a head of more than 64 MiB', async () => {
    const bytes = capture({})
    bytes.writeUInt32LE(65 * 1024 * 1024, 20)
    const file = join(makeFolder({ 'x.capture': bytes }), 'x.capture')
    expect(await openSource(file, null)).toMatchObject({ message: expect.stringContaining('too large') as string })
  })
})

test('a block that is damaged is a fault when it is asked for, once', async () => {
  const parts = {
    names: [
      ['f', 1, 0o644, 0],
      ['g', 1, 0o644, 0],
    ],
    files: [[0, 4, 0, [0, 0, [0, 4]], NO]],
    core: ['core'],
  }
  const bytes = capture(parts)
  // The last bytes are the check sum of the block.
  bytes.fill(0, bytes.length - 4)
  const file = join(makeFolder({ 'x.capture': bytes }), 'x.capture')
  const found = await openSource(file, null)
  if ('message' in found) throw new Error(found.message)
  expect([found.faults, text(found, '/f'), text(found, '/g')]).toEqual([[], '', ''])
  expect(found.faults.map(({ message }) => message)).toEqual([
    'a block of the capture is damaged; capture the system again',
  ])
})

test.each([[{}], [['x']], [[['dpkg', 'a', 1, []]]], [[['dpkg', 'a', '1', 'x']]], [[['dpkg', 'a', '1', [3]]]]])(
  'owners that are none are a fault when they are asked for: %j',
  async (owners) => {
    const found = await system({ owners, names: [['device', 4]] })
    expect([found.owner('/device'), found.packages(), found.packageFiles('a')]).toEqual([null, [], []])
    expect(found.faults.map(({ message }) => message)).toEqual([
      'the owners of files in the capture are damaged; capture the system again',
    ])
  },
)

test('any JSON is a fault or a system that answers, never an exception', async () => {
  const node = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.tuple(fc.constantFrom('a', 'b', 'f'), fc.constant(1), fc.nat(), fc.nat(2)),
      fc.tuple(
        fc.constantFrom('a', 'b', 'etc'),
        fc.constant(0),
        fc.nat(),
        fc.integer(),
        fc.array(tie('value'), { maxLength: 3 }),
      ),
      fc.tuple(fc.string(), fc.constantFrom(2, 3, 4), fc.nat(), fc.nat(100), fc.string()),
      fc.jsonValue({ maxDepth: 1 }),
    ),
  })).value
  const stretches = fc.oneof(
    fc.tuple(fc.nat(2), fc.nat(9), fc.array(fc.nat(30), { maxLength: 4 })),
    fc.jsonValue({ maxDepth: 2 }),
  )
  const file = fc.tuple(fc.nat(3), fc.nat(100), fc.integer(), stretches, stretches)
  const parts = fc.record({
    names: fc.oneof(fc.array(node, { maxLength: 4 }), fc.jsonValue()),
    files: fc.oneof(fc.array(file, { maxLength: 3 }), fc.jsonValue()),
    owners: fc.oneof(fc.array(fc.tuple(fc.string(), fc.string(), fc.string(), fc.array(fc.string()))), fc.jsonValue()),
    head: fc.oneof(
      fc.constant({}),
      fc.dictionary(
        fc.constantFrom('label', 'notes', 'environment', 'platform', 'core'),
        fc.jsonValue({ maxDepth: 1 }),
      ),
    ),
    core: fc.array(fc.string({ unit: 'binary-ascii' }), { maxLength: 2 }),
  })
  const at = join(makeFolder({}), 'x.capture')
  await fc.assert(
    fc.asyncProperty(parts, async (made) => {
      writeFileSync(at, capture(made))
      const found = await openSource(at, null)
      if ('message' in found) return
      const walk = (folder: string): void => {
        const children = found.tree.children(folder)
        for (const { name } of failed(children) ? [] : children.slice(0, 10)) {
          const path = `${folder === '/' ? '' : folder}/${name}`
          text(found, path)
          found.tree.status(path)
          found.owner(path)
          if (path.length < 50) walk(path)
        }
      }
      walk('/')
      found.packages()
      found.loader(null, 62, 2)
    }),
    { numRuns: 300 },
  )
})
