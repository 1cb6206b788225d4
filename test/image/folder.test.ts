/** Images as root folders: what layers mean, and layers that mean harm. */
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
} from 'node:fs'
import { statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { faultText } from '../../src/domain/fault.ts'
import { failed } from '../../src/domain/tree.ts'
import type { Tree } from '../../src/domain/tree.ts'
import { readBase } from '../../src/image/base.ts'
import { writeFolder } from '../../src/image/folder.ts'
import type { FolderOptions } from '../../src/image/folder.ts'
import type { BaseImage, NewLayer } from '../../src/image/model.ts'
import { openSource } from '../../src/system/source.ts'
import { imageOf, layerOf } from '../support/image/layer.ts'
import { entry, ociLayout, pax, tar } from '../support/tree/tar-writer.ts'
import type { TarSpec } from '../support/tree/tar-writer.ts'

let top = ''
let out = ''
let made = 0

beforeAll(() => {
  top = mkdtempSync(join(tmpdir(), 'airtight-folder-'))
  writeFileSync(join(top, 'secret'), 'secret')
})

afterAll(() => {
  rmSync(top, { recursive: true, force: true })
})

beforeEach(() => {
  made += 1
  out = join(top, `test${made}`)
  mkdirSync(out)
})

function layout(layers: readonly Buffer[], place = join(out, 'layout')): string {
  for (const [name, bytes] of ociLayout({ layers })) {
    mkdirSync(dirname(join(place, name)), { recursive: true })
    writeFileSync(join(place, name), bytes)
  }
  return `oci:${place}`
}

async function baseOf(spec: string): Promise<BaseImage> {
  const base = await readBase(spec)
  if ('message' in base) throw new Error(faultText(base))
  return base
}

/** Unpacks these layers; the faults of what was left out. */
async function unpack(
  layers: readonly Buffer[],
  over: readonly NewLayer[] = [],
  options: FolderOptions = {},
): Promise<readonly string[]> {
  const base = await baseOf(layout(layers))
  const written = await writeFolder({ ...imageOf(over), base }, join(out, 'root'), options)
  if ('message' in written) throw new Error(faultText(written))
  return written.faults.map(faultText)
}

/** The same with one layer, in the place of what was unpacked before. */
async function unpackedAgain(entries: readonly TarSpec[]): Promise<readonly string[]> {
  for (const name of readdirSync(out)) rmSync(join(out, name), { recursive: true, force: true })
  return unpack([tar(...entries)])
}

const at = (path: string): string => join(out, 'root', path)
const text = (path: string): string => readFileSync(at(path), 'utf8')
const f = (name: string, data = name): TarSpec => ({ name, data })
const folder = (name: string, mode = 0o755): TarSpec => ({ name: `${name}/`, type: '5', mode })
const link = (name: string, target: string): TarSpec => ({ name, type: '2', link: target })
const hard = (name: string, target: string): TarSpec => ({ name, type: '1', link: target })

describe('layers', () => {
  test('take away and put, whatever the order of the markers', async () => {
    const faults = await unpack([
      tar(f('a/old'), f('a/sub/old'), f('b/gone'), f('c/kept'), f('d'), folder('e'), f('e/in')),
      tar(f('a/new'), f('a/.wh..wh..opq', ''), f('a/sub/new'), f('b/.wh.gone', ''), f('d/file'), f('e', 'now a file')),
    ])
    expect(faults).toEqual([])
    expect(readdirSync(at('a')).sort()).toEqual(['new', 'sub'])
    expect(readdirSync(at('a/sub'))).toEqual(['new'])
    expect(readdirSync(at('b'))).toEqual([])
    expect([text('c/kept'), text('d/file'), text('e')]).toEqual(['c/kept', 'd/file', 'now a file'])
  })

  test('link to files of lower layers, those that the same layer moves among them', async () => {
    const faults = await unpack([
      tar(f('lib/a.so'), f('lib/b.so'), f('gone')),
      tar(f('.wh.gone', ''), hard('new', 'gone'), hard('lib/c.so', 'lib/a.so'), hard('lost', 'nowhere')),
    ])
    expect(faults).toHaveLength(1)
    expect(faults[0]).toContain("the hard link 'lost' is left out")
    expect(statSync(at('lib/c.so')).ino).toBe(statSync(at('lib/a.so')).ino)
    expect(text('new')).toBe('gone')
    expect(existsSync(at('gone'))).toBe(false)
  })

  test('keep bits and times of files and of folders; a folder that is only led through keeps its own', async () => {
    const owners = process.getuid?.() === 0
    await unpack([
      tar({ name: 'tmp/', type: '5', mode: 0o1777 }, folder('locked', 0o500), f('locked/in')),
      tar(pax({ mtime: '1500000000' }), { ...f('locked/su'), mode: 0o4755 }),
    ])
    expect(statSync(at('tmp')).mode & 0o7777).toBe(0o1777)
    expect(statSync(at('locked')).mode & 0o7777).toBe(0o500)
    expect(statSync(at('locked/su')).mtimeMs).toBe(1.5e12)
    expect(statSync(at('locked/su')).mode & 0o7777).toBe(owners ? 0o4755 : 0o755)
    chmodSync(at('locked'), 0o700)
  })

  test('lend nobody the rights of an owner that they could not be given', async () => {
    await unpack([tar({ ...f('su'), mode: 0o6755 })], [], { owners: false })
    expect(statSync(at('su')).mode & 0o7777).toBe(0o755)
  })

  test('of our own lie over those of the base', async () => {
    const content = { kind: 'bytes', bytes: Buffer.from('new') } as const
    const status = { mode: 0o644, uid: 0, gid: 0, modified: 7 }
    const over = layerOf('tool 1', [
      { kind: 'file', path: 'usr/lib/a', size: 3, content, ...status },
      { kind: 'hard-link', path: 'usr/lib/b', to: 'usr/lib/a', ...status },
    ])
    await unpack([tar(f('usr/lib/a', 'old'), f('usr/lib/z', 'base'))], [over])
    expect([text('usr/lib/a'), text('usr/lib/b'), text('usr/lib/z')]).toEqual(['new', 'new', 'base'])
    expect(readdirSync(out).sort()).toEqual(['layout', 'root'])
  })
})

describe('layers that mean harm', () => {
  test('lead nowhere: links are no way out, be they files, folders or names of other links', async () => {
    const outside = join(top, 'secret')
    const faults = await unpack([
      tar(link('out', top), f('out/secret', 'overwritten'), link('rel', '../../..'), f('rel/x', 'x')),
      tar(link('file', outside), f('file', 'replaced'), link('dir', '/etc'), hard('dir/passwd2', 'dir/passwd')),
      tar(f('../up', 'x'), f('a/../../up', 'x'), f('/absolute', 'kept inside'), hard('stolen', '../../secret')),
      tar(hard('stolen2', 'out/secret'), f('dir/y', 'y')),
    ])
    expect(readFileSync(outside, 'utf8')).toBe('secret')
    expect(readdirSync(top).filter((name) => !name.startsWith('test'))).toEqual(['secret'])
    expect(existsSync('/etc/passwd2')).toBe(false)
    expect(existsSync('/etc/y')).toBe(false)
    expect(text('absolute')).toBe('kept inside')
    expect(text('file')).toBe('replaced')
    // A link of the same layer leads to a folder of the root, as it will in the container.
    expect(text(join(top, 'secret'))).toBe('overwritten')
    expect(text('x')).toBe('x')
    // A folder of a later layer takes the place of a link.
    expect(lstatSync(at('dir')).isDirectory()).toBe(true)
    expect(existsSync(at('stolen'))).toBe(false)
    expect(existsSync(at('stolen2'))).toBe(false)
    expect(faults.length).toBeGreaterThanOrEqual(4)
  })

  test('with odd entries are unpacked without those', async () => {
    const faults = await unpack([
      tar(f('good'), link('empty', ''), { name: 'dev', type: '3' }, f('.wh.', ''), f('.wh...', ''), f('n'.repeat(50))),
      tar(pax({ path: 'x'.repeat(300) }), f('long'), pax({ uid: '9999999999' }), f('owner')),
      tar(link('loop', 'loop'), f('loop/in', 'x'), { ...f('.wh.good', ''), type: '2', link: 'x' }),
    ])
    expect(readdirSync(at('')).sort()).toEqual(['good', 'loop', 'n'.repeat(50)])
    expect(readlinkSync(at('loop'))).toBe('loop')
    expect(faults).toHaveLength(7)
  })

  test('with ways that no system takes are unpacked without those, and all else is there', async () => {
    const long = (parts: number): string => `${'p'.repeat(200)}/`.repeat(parts)
    const name = (path: string): Buffer => entry({ name: 'L', type: 'L', data: `${path}\0` })
    const faults = await unpack([
      tar(
        f('good'),
        // Longer than a path of the system: for a file, for a folder, and through a link.
        ...[name(`${long(20)}x`), f('short'), name(long(20)), folder('short'), name(`${long(14)}y`), f('short')],
        ...[entry({ name: 'K', type: 'K', data: `${long(10)}\0` }), link('down', 'short')],
        ...[name(`down/${long(15)}x`), f('short'), name(`${'d/'.repeat(600)}x`), f('short')],
        ...[entry({ name: 'K', type: 'K', data: `${'d/'.repeat(400)}\0` }), link('deep', 'short')],
        ...[
          name(`deep/${'e/'.repeat(200)}x`),
          f('short'),
          link('wide', 'w'.repeat(300)),
          pax({ linkpath: 'w'.repeat(300) }),
        ],
        ...[link('wide', ''), f('wide/x')],
      ),
      tar(pax({ path: 'a\0b' }), f('nul'), link('.', '/etc'), f('./', ''), folder('.', 0o711), hard('self', 'self')),
    ])
    expect(faults.map((fault) => /left out: (.*)$/.exec(fault)?.[1])).toEqual([
      'its path is too long',
      'its path is too long',
      'its path is too long',
      'lies more than 512 folders deep',
      'lies too deep',
      'lies too deep',
      'has a NUL in its name',
      'has no name, and is no folder',
      expect.any(String) as string,
    ])
    expect(statSync(at(`${long(14)}y`)).size).toBe('short'.length)
    expect(statSync(at('')).mode & 0o777).toBe(0o711)
    expect(text('good')).toBe('good')
  })

  test('with markers that mean nothing are unpacked', async () => {
    const faults = await unpack([
      tar(f('a/kept'), f('b/gone')),
      tar(
        f('a/.wh..wh.plnk', ''),
        f('b/.wh..wh..opq', ''),
        f('b/.wh.gone', ''),
        f('c'),
        hard('c', 'c'),
        hard('d', './'),
      ),
    ])
    expect(faults).toEqual([expect.stringContaining('its target is nothing') as string])
    expect([readdirSync(at('a')), readdirSync(at('b')), text('c')]).toEqual([['kept'], [], 'c'])
    const many = await unpackedAgain(Array.from({ length: 100 }, (_, i) => f(`../${i}`)))
    expect(many).toHaveLength(64)
  })

  test('that are damaged or not what their digest says leave nothing behind', async () => {
    const base = await baseOf(layout([tar(f('a')), tar(f('b'))]))
    const bad = { ...base, layers: base.layers.map((layer) => ({ ...layer, diffId: `sha256:${'0'.repeat(64)}` })) }
    const written = await writeFolder({ ...imageOf([]), base: bad }, join(out, 'root'))
    expect('message' in written ? written.message : 'written').toContain('diff_id')
    const blobs = join(out, 'layout/blobs/sha256')
    const first = base.layers[0]?.digest.slice(7) ?? ''
    writeFileSync(join(blobs, first), readFileSync(join(blobs, first)).subarray(0, 50))
    const cut = await writeFolder({ ...imageOf([]), base }, join(out, 'root'))
    expect('message' in cut ? cut.message : 'written').toContain('damaged')
    expect(readdirSync(out)).toEqual(['layout'])
  })

  test('go nowhere where something is already', async () => {
    const image = imageOf([])
    const full = await writeFolder(image, top)
    expect('message' in full ? full.message : 'written').toContain('with things in it; name a new one')
    const file = await writeFolder(image, join(top, 'secret'))
    expect('message' in file ? file.message : 'written').toContain('is a file')
    const stop = AbortSignal.abort()
    const base = await baseOf(layout([tar(f('a'))]))
    const stopped = await writeFolder({ ...image, base }, join(out, 'root'), { signal: stop })
    expect('message' in stopped ? stopped.message : 'written').toContain('was interrupted')
    expect(readdirSync(out)).toEqual(['layout'])
  })
})

describe('any layers', () => {
  const name = fc.constantFrom('a', 'b', 'c')
  const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'))
  const spec: fc.Arbitrary<TarSpec> = fc.oneof(
    path.map((p) => f(p)),
    path.map((p) => folder(p)),
    fc.tuple(path, path).map(([p, to]) => link(p, to)),
    fc.tuple(path, path).map(([p, to]) => link(p, `/${to}`)),
    fc.tuple(path, path).map(([p, to]) => link(p, `../${to}`)),
    fc.tuple(path, path).map(([p, to]) => hard(p, to)),
    fc.tuple(path, name).map(([p, n]) => f(`${p}/.wh.${n}`, '')),
    path.map((p) => f(`${p}/.wh..wh..opq`, '')),
  )

  test('become on a disk what our reader sees in them', async () => {
    const layers = fc.array(fc.array(spec, { maxLength: 8 }), { minLength: 1, maxLength: 3 })
    await fc.assert(
      fc.asyncProperty(layers, async (specs) => {
        for (const entry of readdirSync(out)) rmSync(join(out, entry), { recursive: true, force: true })
        await unpack(specs.map((entries) => tar(f('always'), ...entries)))
        const system = await openSource(`oci:${join(out, 'layout')}`, null)
        if ('message' in system) throw new Error(faultText(system))
        expect(onDisk('')).toEqual(inTree(system.tree, '/'))
      }),
      { numRuns: 60 },
    )
  })
})

type Seen = Readonly<Record<string, unknown>>

function onDisk(path: string): Seen {
  const seen: Record<string, unknown> = {}
  for (const entry of readdirSync(at(path), { withFileTypes: true })) {
    const inner = join(path, entry.name)
    if (entry.isDirectory()) seen[entry.name] = onDisk(inner)
    else seen[entry.name] = entry.isSymbolicLink() ? `-> ${readlinkSync(at(inner))}` : statSync(at(inner)).size
  }
  return seen
}

function inTree(tree: Tree, path: string): Seen {
  const seen: Record<string, unknown> = {}
  const children = tree.children(path)
  if (failed(children)) throw new Error(`${path}: ${children.errno}`)
  for (const { name, kind } of children) {
    const inner = join(path, name)
    if (kind === 'folder') seen[name] = inTree(tree, inner)
    else if (kind === 'link') seen[name] = `-> ${tree.link(inner) ?? ''}`
    else {
      const status = tree.status(inner)
      seen[name] = failed(status) ? status.errno : status.size
    }
  }
  return seen
}
