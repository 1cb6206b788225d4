/** Archives that mean harm: each ends in a fault or is contained, and nothing outside is touched. */
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { mkdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Fault } from '../../../src/domain/fault.ts'
import { faultText } from '../../../src/domain/fault.ts'
import type { System } from '../../../src/domain/system.ts'
import { failed } from '../../../src/domain/tree.ts'
import { openSource } from '../../../src/system/source.ts'
import { entry, ociLayout, pax, sha256, tar } from '../../support/tree/tar-writer.ts'

let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'airtight-hostile-'))
})

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

let made = 0

async function open(bytes: Uint8Array): Promise<System | Fault> {
  made += 1
  const file = join(folder, `archive${made}`)
  writeFileSync(file, bytes)
  const found = await openSource(file, null)
  // Nothing is ever unpacked.
  expect(readdirSync(folder).every((name) => /^(?:archive|layout)\d+$/.test(name))).toBe(true)
  return found
}

async function openLayout(files: ReadonlyMap<string, Buffer>): Promise<System | Fault> {
  made += 1
  const top = join(folder, `layout${made}`)
  for (const [name, bytes] of files) {
    mkdirSync(dirname(join(top, name)), { recursive: true })
    writeFileSync(join(top, name), bytes)
  }
  return openSource(`oci:${top}`, null)
}

const good = { name: 'usr/lib/good.txt', data: 'good' }

/** Archives that cannot be read: the whole is refused, with one line that says why. */
const refused: readonly (readonly [string, Uint8Array, string])[] = [
  ['a wrong checksum', tar({ ...good, broken: true }), 'checksum'],
  ['the data ends too early', entry({ ...good, size: 100_000 }).subarray(0, 1024), 'ends within the data'],
  ['the header ends too early', tar(good).subarray(0, 300), 'ends within a header'],
  [
    'a second header ends too early',
    Buffer.concat([entry(good), entry(good).subarray(0, 100)]),
    'ends within a header',
  ],
  ['a negative size', tar({ ...good, patch: { 124: '\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff' } }), 'size'],
  ['a size beyond every file', tar({ ...good, patch: { 124: '\x80\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff' } }), 'size'],
  ['a size that is no number', tar({ ...good, patch: { 124: 'zzzzzzzzzzz\0' } }), 'size'],
  ['an extended header without end', entry({ name: 'x', type: 'x', size: 2 ** 31 }), 'extended header of'],
  ['records that lead out of their header', tar(entry({ name: 'x', type: 'x', data: '99 path=a\n' }), good), 'records'],
  ['records without length', tar(entry({ name: 'x', type: 'x', data: 'path=../../etc\n' }), good), 'records'],
  ['a name of a megabyte', tar(entry({ name: 'L', type: 'L', data: 'a/'.repeat(400_000) }), good), 'name of more than'],
  [
    'data behind the end',
    Buffer.concat([entry(good), Buffer.alloc(512), entry(good), Buffer.alloc(1024)]),
    'behind the end',
  ],
  ['one volume of several', tar({ ...good, type: 'M' }), 'volume'],
  [
    'a sparse map out of order',
    tar(pax({ 'GNU.sparse.map': '8,2,0,2', 'GNU.sparse.size': '16' }), { name: 's', data: 'abcd' }),
    'sparse',
  ],
  [
    'a sparse map larger than its file',
    tar(pax({ 'GNU.sparse.map': '0,4,900,4', 'GNU.sparse.size': '16' }), { name: 's', data: 'abcdefgh' }),
    'sparse',
  ],
  [
    'a sparse file of a petabyte',
    tar(pax({ 'GNU.sparse.map': '0,4', 'GNU.sparse.size': String(2 ** 50) }), { name: 's', data: 'abcd' }),
    'holes',
  ],
  [
    'a sparse map that never ends',
    tar(pax({ 'GNU.sparse.major': '1', 'GNU.sparse.minor': '0', 'GNU.sparse.realsize': '9' }), {
      name: 's',
      data: '9999999\n'.repeat(64),
    }),
    'sparse',
  ],
  ['gzip data that is cut', gzipSync(tar(good)).subarray(0, 60), 'gzip'],
  ['gzip data that is damaged', damaged(gzipSync(tar(good))), 'damaged'],
  ['gzip data that grows a thousand times', gzipSync(Buffer.alloc(600 * 1024 * 1024), { level: 1 }), 'grows more than'],
  ['zstd data that is damaged', Buffer.from('28b52ffd04581100001234567890abcdef', 'hex'), 'zstd'],
  ['an empty file', Buffer.alloc(0), 'holds no files'],
  ['zeros', Buffer.alloc(10_240), 'holds no files'],
  ['a text', Buffer.from('#!/bin/sh\nexit 0\n'.repeat(100)), 'no tar archive'],
]

function damaged(bytes: Buffer): Buffer {
  const out = Buffer.from(bytes)
  for (let i = 20; i < out.length - 8; i += 3) out[i] = (out[i] ?? 0) ^ 0x5a
  return out
}

test.each(refused)('%s: refused', async (_, bytes, reason) => {
  const found = await open(bytes)
  if (!('message' in found)) throw new Error('it was opened')
  expect(faultText(found)).toContain(reason)
})

/** Archives with entries that lead elsewhere: these are left out or stay inside, the rest can be used. */
const contained: readonly (readonly [string, Uint8Array, (system: System) => void])[] = [
  ['a name with ..', tar({ name: '../../outside', data: 'x' }, good), (system) => expectFault(system, 'leads out')],
  [
    '.. in the middle of a name',
    tar({ name: 'usr/../../x', data: 'x' }, good),
    (system) => expectFault(system, 'leads out'),
  ],
  [
    '.. in a long name',
    tar(pax({ path: `${'a/'.repeat(80)}../../../x` }), { name: 'short', data: 'x' }, good),
    (system) => expectFault(system, 'leads out'),
  ],
  [
    'an absolute name',
    tar({ name: '/etc/inside.conf', data: 'inside' }, good),
    (system) => expect(text(system, '/etc/inside.conf')).toBe('inside'),
  ],
  [
    'a link out of the root, and an entry through it',
    tar({ name: 'out', type: '2', link: '/etc' }, { name: 'out/passwd', data: 'ours' }, good),
    (system) => {
      expect(text(system, '/out/passwd')).toBe('ours')
      expect(text(system, '/etc/passwd')).toBe('ours')
    },
  ],
  [
    'a link that climbs out of the root',
    tar({ name: 'a/up', type: '2', link: '../../../../etc' }, { name: 'a/up/shadow', data: 'ours' }, good),
    (system) => expect(text(system, '/etc/shadow')).toBe('ours'),
  ],
  [
    'links in a circle, and an entry through them',
    tar({ name: 'a', type: '2', link: 'b' }, { name: 'b', type: '2', link: 'a' }, { name: 'a/x', data: 'x' }, good),
    (system) => {
      expectFault(system, 'circle')
      expect(where(system, '/a/x')).toBe('ELOOP')
    },
  ],
  [
    'a hard link to a file of the machine',
    tar({ name: 'shadow', type: '1', link: '/etc/shadow' }, good),
    (system) => {
      expectFault(system, 'no file of this or a lower layer')
      expect(where(system, '/shadow')).toBe('ENOENT')
    },
  ],
  [
    'a hard link with ..',
    tar({ name: 'h', type: '1', link: '../../etc/passwd' }, good),
    (system) => expectFault(system, 'leads out'),
  ],
  [
    'devices and pipes',
    tar({ name: 'dev/sda', type: '4' }, { name: 'dev/zero', type: '3' }, { name: 'pipe', type: '6' }, good),
    (system) => expect(text(system, '/dev/zero')).toBe('EACCES'),
  ],
  [
    'folders a thousand deep',
    tar(entry({ name: 'L', type: 'L', data: `${'d/'.repeat(1000)}x\0` }), { name: 'short', data: 'x' }, good),
    (system) => expectFault(system, 'folders deep'),
  ],
  [
    'a part of a name longer than any file system takes',
    tar(entry({ name: 'L', type: 'L', data: `${'n'.repeat(300)}\0` }), { name: 'short', data: 'x' }, good),
    (system) => expectFault(system, '255 bytes'),
  ],
  [
    'a file below a file',
    tar({ name: 'f', data: 'f' }, { name: 'f/g', data: 'g' }, good),
    (system) => expect(text(system, '/f/g')).toBe('g'),
  ],
  [
    'one name many times: the last wins',
    tar(
      { name: 'f', data: 'one' },
      { name: 'f', data: 'two' },
      { name: 'f', type: '2', link: 'usr/lib/good.txt' },
      good,
    ),
    (system) => expect(text(system, '/f')).toBe('good'),
  ],
  [
    'a name like that of an object in JavaScript',
    tar({ name: '__proto__/toString', data: 'x' }, { name: 'constructor', data: 'y' }, good),
    (system) => expect(where(system, '/__proto__/toString')).toBe('/__proto__/toString'),
  ],
  [
    'an entry without a name that is no folder',
    tar({ name: './', type: '2', link: '/etc' }, good),
    (system) => expectFault(system, 'has no name'),
  ],
  [
    'a NUL in a name',
    tar(pax({ path: 'usr/lib/a\0b' }), { name: 'short', data: 'x' }, good),
    (system) => expectFault(system, 'has a NUL'),
  ],
  [
    'folders that grow deep through links',
    tar(
      entry({ name: 'K', type: 'K', data: `${'d/'.repeat(400)}\0` }),
      { name: 'down', type: '2', link: 'short' },
      entry({ name: 'L', type: 'L', data: `down/${'e/'.repeat(200)}x\0` }),
      { name: 'short', data: 'x' },
      good,
    ),
    (system) => expectFault(system, 'folders deep'),
  ],
  [
    'an ELF file that is cut',
    tar(
      { name: 'usr/lib/libcut.so', data: Buffer.concat([Buffer.from('7f454c46020101', 'hex'), Buffer.alloc(57)]) },
      good,
    ),
    (system) => expect(where(system, '/usr/lib/libcut.so')).toBe('/usr/lib/libcut.so'),
  ],
]

test.each(contained)('%s: contained', async (_, bytes, check) => {
  const found = await open(bytes)
  if ('message' in found) throw new Error(faultText(found))
  expect(text(found, '/usr/lib/good.txt')).not.toBe('ENOENT')
  check(found)
  expect(existsSync('/outside')).toBe(false)
})

describe('images', () => {
  const layer = tar(good)

  test('a blob that is not what its digest says', async () => {
    const files = ociLayout({ layers: [layer], store: (bytes) => bytes })
    files.set(`blobs/sha256/${sha256(layer)}`, tar({ ...good, data: 'evil' }))
    expectRefused(await openLayout(files), 'not what its digest says')
  })

  test('a layer that is not what the configuration says', async () => {
    const other = tar({ ...good, data: 'evil' })
    expectRefused(await openLayout(ociLayout({ layers: [layer], store: () => gzipSync(other) })), 'diff_id')
  })

  test('an index that contains itself', async () => {
    const index = Buffer.from(JSON.stringify({ manifests: [{ digest: `sha256:${'0'.repeat(64)}` }] }))
    const files = new Map([
      ['oci-layout', Buffer.from('{}')],
      ['index.json', index],
      [`blobs/sha256/${'0'.repeat(64)}`, index],
    ])
    expectRefused(await openLayout(files), 'not what its digest says')
  })

  test('a digest that is a path', async () => {
    const files = ociLayout({ layers: [layer] })
    files.set('index.json', Buffer.from(JSON.stringify({ manifests: [{ digest: 'sha256:../../../../etc/passwd' }] })))
    expectRefused(await openLayout(files), 'no sha256 digest')
  })

  test('an index that is no JSON, and one of another shape', async () => {
    for (const text of ['{', '[]', '{"manifests": 3}', 'null']) {
      const files = ociLayout({ layers: [layer] })
      files.set('index.json', Buffer.from(text))
      expect('message' in (await openLayout(files))).toBe(true)
    }
  })

  test('a docker archive whose layer is a link that goes round', async () => {
    const manifest = JSON.stringify([{ Config: 'c.json', RepoTags: [], Layers: ['l/layer.tar'] }])
    const found = await open(
      tar(
        { name: 'manifest.json', data: manifest },
        { name: 'c.json', data: '{"rootfs":{"diff_ids":[]}}' },
        { name: 'l/layer.tar', type: '2', link: '../l/layer.tar' },
      ),
    )
    expectRefused(found, 'is absent')
  })

  test('a docker archive whose layer leads out of it', async () => {
    const manifest = JSON.stringify([{ Config: 'c.json', RepoTags: [], Layers: ['../../../etc/passwd'] }])
    expectRefused(
      await open(tar({ name: 'manifest.json', data: manifest }, { name: 'c.json', data: '{}' })),
      'is absent',
    )
  })

  test('of very many entries that are left out the first ones are said', async () => {
    const found = await openLayout(
      ociLayout({ layers: [tar(...Array.from({ length: 100 }, (_, i) => ({ name: `../${i}`, data: '' })), good)] }),
    )
    if ('message' in found) throw new Error(faultText(found))
    expect(found.faults).toHaveLength(64)
  })

  test('a marker that is a folder takes nothing away, and what is taken away twice is gone', async () => {
    const upper = tar(
      { name: 'usr/lib/.wh.good.txt', type: '5' },
      { name: 'usr/share/.wh..wh..opq' },
      { name: 'usr/share/.wh.x' },
    )
    const found = await openLayout(ociLayout({ layers: [tar(good, { name: 'usr/share/x', data: 'x' }), upper] }))
    if ('message' in found) throw new Error(faultText(found))
    expect([where(found, '/usr/lib/good.txt'), where(found, '/usr/share/x')]).toEqual(['/usr/lib/good.txt', 'ENOENT'])
    expectFault(found, 'no file')
  })

  test('markers that name nothing take nothing away', async () => {
    const upper = tar({ name: 'usr/lib/.wh.' }, { name: 'usr/lib/.wh...' }, { name: 'usr/.wh..wh.plnk' })
    const found = await openLayout(ociLayout({ layers: [layer, upper] }))
    if ('message' in found) throw new Error(faultText(found))
    expect(where(found, '/usr/lib/good.txt')).toBe('/usr/lib/good.txt')
    expectFault(found, 'names nothing')
  })
})

function expectRefused(found: System | Fault, reason: string): void {
  if (!('message' in found)) throw new Error('it was opened')
  expect(faultText(found)).toContain(reason)
}

function expectFault(system: System, text: string): void {
  expect(system.faults.map(faultText).join('\n')).toContain(text)
}

function where(system: System, path: string): string {
  const found = system.tree.lookup(path)
  return failed(found) ? found.errno : found.path
}

/** The kept bytes of a file: of what is no ELF file only its beginning is known, so that it ends with zeros. */
function text(system: System, path: string): string {
  const content = system.tree.content(path, 1000)
  return failed(content) ? content.errno : Buffer.from(content).toString()
}
