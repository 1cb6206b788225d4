/** Images as they are written: read back, twice the same, beside others, and never by halves. */
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { appendFileSync, chmodSync, linkSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { statSync, symlinkSync, truncateSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import zlib from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Fault } from '../../src/domain/fault.ts'
import { faultText } from '../../src/domain/fault.ts'
import { failed } from '../../src/domain/tree.ts'
import type { Image, ImageEntry } from '../../src/image/model.ts'
import { writeImage } from '../../src/image/write.ts'
import type { ImageTarget, WriteOptions, Written } from '../../src/image/write.ts'
import { openSource } from '../../src/system/source.ts'
import { folderEntries, imageOf, layerOf } from '../support/image/layer.ts'

let top = ''
let root = ''
let made = 0
let out = ''

beforeAll(() => {
  top = mkdtempSync(join(tmpdir(), 'airtight-write-'))
  root = join(top, 'root')
  mkdirSync(join(root, 'usr/lib'), { recursive: true })
  mkdirSync(join(root, 'usr/bin'))
  writeFileSync(join(root, 'usr/lib/libnoise.so.1'), noise(2_500_000))
  writeFileSync(join(root, 'usr/lib/zeros'), Buffer.alloc(3_000_000))
  writeFileSync(join(root, 'usr/bin/tool'), '#!/bin/sh\n')
  chmodSync(join(root, 'usr/bin/tool'), 0o4755)
  linkSync(join(root, 'usr/bin/tool'), join(root, 'usr/bin/tool2'))
  symlinkSync('usr/lib', join(root, 'lib'))
  for (const name of ['lib/libnoise.so.1', 'lib/zeros', 'bin/tool']) utimesSync(join(root, 'usr', name), 1e9, 1e9)
})

afterAll(() => {
  rmSync(top, { recursive: true, force: true })
})

/** Each test writes into a folder of its own. */
beforeEach(() => {
  made += 1
  out = join(top, `out${made}`)
  mkdirSync(out)
})

/** Bytes that cannot be packed, and are the same each time. */
function noise(length: number): Buffer {
  const parts: Buffer[] = []
  for (let i = 0; i * 32 < length; i += 1) parts.push(createHash('sha256').update(String(i)).digest())
  return Buffer.concat(parts).subarray(0, length)
}

function image(): Image {
  const entries = folderEntries(root)
  const isLib = ({ path }: ImageEntry): boolean => path === 'usr' || path.startsWith('usr/lib')
  return imageOf([
    { ...layerOf('libraries', entries.filter(isLib)), class: 'libraries' },
    layerOf(
      'tool 1.0',
      entries.filter((entry) => !isLib(entry)),
    ),
  ])
}

async function write(what: Image, target: ImageTarget, options: Partial<WriteOptions> = {}): Promise<Written> {
  const written = await writeImage(what, target, { compression: 'none', ...options })
  if ('message' in written) throw new Error(faultText(written))
  return written
}

async function fault(
  what: Image,
  target: ImageTarget = { kind: 'oci', path: join(out, 'image') },
  options: Partial<WriteOptions> = {},
): Promise<string> {
  const found: Written | Fault = await writeImage(what, target, { compression: 'none', ...options })
  return 'message' in found ? `${found.file}: ${found.message}` : 'was written'
}

const hasZstd = 'createZstdCompress' in zlib || spawnSync('zstd', ['--version']).error === undefined
const kinds = (['oci', 'oci-archive', 'docker-archive'] as const).flatMap((kind) =>
  (['none', 'gzip', 'zstd'] as const).map((compression) => [kind, compression] as const),
)

describe.each(kinds)('%s, %s', (kind, compression) => {
  test.skipIf(compression === 'zstd' && !hasZstd)('is read back as the tree that it was made of', async () => {
    const path = join(out, 'image')
    const written = await write(image(), { kind, path }, { compression })
    const system = await openSource(`${kind}:${path}`, null)
    if ('message' in system) throw new Error(faultText(system))
    const { tree } = system
    expect(system.faults).toEqual([])
    const children = tree.children('/usr/bin')
    expect(failed(children) ? children : children.map(({ name }) => name)).toEqual(['tool', 'tool2'])
    for (const name of ['/usr/bin/tool', '/usr/bin/tool2', '/lib/zeros', '/usr/lib/libnoise.so.1']) {
      const status = tree.status(name)
      const disk = statSync(join(root, name))
      expect(status).toMatchObject({ size: disk.size, mode: disk.mode & 0o7777, modified: 1e9 })
    }
    expect(tree.content('/usr/bin/tool', 100)).toEqual(new Uint8Array(Buffer.from('#!/bin/sh\n')))
    const length = kind === 'oci' ? lengthOf(path) : statSync(path).size
    expect(written.bytes).toBe(length)
    expect(readdirSync(out)).toEqual(['image'])
  })
})

function lengthOf(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => statSync(join(folder, name)))
    .reduce((sum, stats) => sum + (stats.isFile() ? stats.size : 0), 0)
}

describe('the same image', () => {
  test('has the same digests each time, in whatever order its entries came', async () => {
    const first = await write(image(), { kind: 'oci-archive', path: join(out, 'a') }, { compression: 'gzip' })
    const shuffled = image()
    const layers = shuffled.layers.map((layer) => ({ ...layer, entries: layer.entries.toReversed() }))
    const second = await write(
      { ...shuffled, layers },
      { kind: 'oci-archive', path: join(out, 'b') },
      { compression: 'gzip' },
    )
    expect(second).toEqual(first)
    expect(readFileSync(join(out, 'b')).equals(readFileSync(join(out, 'a')))).toBe(true)
  })

  test('has one configuration and the same layers within, packed or not', async () => {
    const plain = await write(image(), { kind: 'oci', path: join(out, 'plain') })
    const packed = await write(image(), { kind: 'oci', path: join(out, 'packed') }, { compression: 'gzip', level: 6 })
    expect(packed.configDigest).toBe(plain.configDigest)
    expect(packed.layers.map(({ diffId }) => diffId)).toEqual(plain.layers.map(({ diffId }) => diffId))
    expect(packed.manifestDigest).not.toBe(plain.manifestDigest)
  })

  test('is gzip that any reader unpacks to what the configuration says', async () => {
    const path = join(out, 'image')
    const written = await write(image(), { kind: 'oci', path }, { compression: 'gzip' })
    for (const { digest, diffId, size, unpacked } of written.layers) {
      const blob = readFileSync(join(path, 'blobs/sha256', digest.slice(7)))
      expect(blob.length).toBe(size)
      expect(sha256(blob)).toBe(digest)
      const plain = zlib.gunzipSync(blob)
      expect(plain.length).toBe(unpacked)
      expect(sha256(plain)).toBe(diffId)
      const gzip = spawnSync('gzip', ['-dc'], { input: blob, maxBuffer: 2 ** 26 })
      if (gzip.error === undefined) expect(gzip.stdout.equals(plain)).toBe(true)
    }
  })

  test('changes one layer where one package changes', async () => {
    const before = await write(image(), { kind: 'oci', path: join(out, 'a') })
    const next = image()
    const [libraries, tool] = next.layers
    if (libraries === undefined || tool === undefined) throw new Error('two layers')
    const entries = tool.entries.map((entry) => (entry.path === 'usr/bin/tool' ? { ...entry, mode: 0o755 } : entry))
    const after = await write(
      { ...next, layers: [libraries, { ...tool, entries }] },
      { kind: 'oci', path: join(out, 'b') },
    )
    expect(after.layers[0]).toEqual(before.layers[0])
    expect(after.layers[1]?.digest).not.toBe(before.layers[1]?.digest)
  })
})

function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

describe('a layout that is there', () => {
  const blobs = (path: string): readonly string[] => readdirSync(join(path, 'blobs/sha256')).sort()
  const one = (text: string): Image => {
    const bytes = Buffer.from(text)
    const content = { kind: 'bytes', bytes } as const
    const entry = {
      kind: 'file',
      path: 'f',
      mode: 0o644,
      uid: 0,
      gid: 0,
      modified: 0,
      size: bytes.length,
      content,
    } as const
    return imageOf([layerOf(text, [entry])], `studio:${text.slice(0, 1)}`)
  }

  test('keeps its other images; the one of the same tag goes with what only it named', async () => {
    const path = join(out, 'image')
    await write(one('a first'), { kind: 'oci', path })
    const first = blobs(path)
    await write(one('b'), { kind: 'oci', path })
    const both = blobs(path)
    expect(both.length).toBe(first.length + 3)
    await write(one('a second'), { kind: 'oci', path })
    expect(blobs(path).length).toBe(both.length)
    expect(blobs(path)).not.toEqual(both)
    for (const [tag, found] of [
      ['a', 'a second'],
      ['b', 'b'],
    ]) {
      const system = await openSource(`oci:${path}:${tag ?? ''}`, null)
      if ('message' in system) throw new Error(faultText(system))
      expect(system.tree.status('/f')).toMatchObject({ size: found?.length })
    }
    expect(readdirSync(path).sort()).toEqual(['blobs', 'index.json', 'oci-layout'])
  })

  test('loses nothing where something in it is not understood', async () => {
    const path = join(out, 'image')
    const { manifestDigest } = await write(one('a first'), { kind: 'oci', path })
    const before = blobs(path)
    writeFileSync(join(path, 'blobs/sha256', manifestDigest.slice(7)), '{}')
    await write(one('a second'), { kind: 'oci', path })
    expect(blobs(path)).toEqual(expect.arrayContaining([...before]))
  })

  test('is as it was where writing fails', async () => {
    const path = join(out, 'image')
    await write(one('a first'), { kind: 'oci', path })
    const before = readdirSync(path, { recursive: true, encoding: 'utf8' }).sort()
    const text = await fault(imageOf([layerOf('gone', [gone()])], 'studio:a'), { kind: 'oci', path })
    expect(text).toContain('is gone since the image was planned')
    expect(readdirSync(path, { recursive: true, encoding: 'utf8' }).sort()).toEqual(before)
  })

  test('reads without a tag although a list of materials lies beside the image', async () => {
    const path = join(out, 'image')
    const list = { artifactType: 'application/spdx+json', title: 'sbom.spdx.json', bytes: Buffer.from('{"a":1}') }
    const written = await write(one('a'), { kind: 'oci', path }, { attachments: [list] })
    const system = await openSource(`oci:${path}`, null)
    expect('message' in system ? faultText(system) : 'read').toBe('read')
    const index = JSON.parse(readFileSync(join(path, 'index.json'), 'utf8')) as { manifests: { digest: string }[] }
    const referrer = index.manifests[1]?.digest ?? ''
    const manifest: unknown = JSON.parse(readFileSync(join(path, 'blobs/sha256', referrer.slice(7)), 'utf8'))
    expect(manifest).toMatchObject({
      artifactType: 'application/spdx+json',
      subject: { digest: written.manifestDigest },
    })
    await write(one('a other'), { kind: 'oci', path })
    expect(blobs(path)).not.toContain(referrer.slice(7))
  })
})

function gone(): ImageEntry {
  const content = { kind: 'disk', path: join(root, 'nothing'), modifiedNs: 0n } as const
  return { kind: 'file', path: 'f', mode: 0o644, uid: 0, gid: 0, modified: 0, size: 1, content }
}

describe('a file that changes after the image was planned', () => {
  const tool = (): string => join(root, 'usr/bin/tool')
  const changes: readonly (readonly [string, () => void, string])[] = [
    ['grows', () => appendFileSync(tool(), 'more'), 'has 14 bytes, and had 10 when the image was planned'],
    ['shrinks', () => truncateSync(tool(), 3), 'has 3 bytes, and had 10'],
    ['is written to', () => utimesSync(tool(), 2e9, 2e9), 'was written to since the image was planned'],
    ['vanishes', () => unlinkSync(tool()), 'is gone since the image was planned (ENOENT)'],
    [
      'becomes a link',
      () => {
        unlinkSync(tool())
        symlinkSync('/etc/passwd', tool())
      },
      'is gone since the image was planned (ELOOP)',
    ],
    [
      'becomes a pipe',
      () => {
        unlinkSync(tool())
        execFileSync('mkfifo', [tool()])
      },
      'is no file any more',
    ],
  ]

  test.each(changes)('that %s ends the build, and is named', async (_, change, message) => {
    const planned = image()
    const saved = readFileSync(tool())
    try {
      change()
      for (const kind of ['oci', 'oci-archive'] as const) {
        expect(await fault(planned, { kind, path: join(out, 'image') })).toContain(`${tool()}: ${message}`)
      }
      expect(readdirSync(out)).toEqual([])
    } finally {
      rmSync(tool(), { force: true })
      writeFileSync(tool(), saved)
      chmodSync(tool(), 0o4755)
      utimesSync(tool(), 1e9, 1e9)
    }
  })
})

describe('nothing is written', () => {
  test.each(['oci', 'oci-archive'] as const)('where the signal comes in the midst of it, %s', async (kind) => {
    const stop = new AbortController()
    const progress = (_: string, bytes: number): void => {
      if (bytes > 1_500_000) stop.abort()
    }
    const text = await fault(image(), { kind, path: join(out, 'image') }, { signal: stop.signal, progress })
    expect(text).toContain('was interrupted')
    expect(readdirSync(out)).toEqual([])
  })

  test('into a folder of other things, over a file or a folder, or where no folder is', async () => {
    writeFileSync(join(out, 'note.txt'), 'mine')
    expect(await fault(image(), { kind: 'oci', path: out })).toContain('no OCI layout; name a new or empty folder')
    expect(await fault(image(), { kind: 'oci', path: join(out, 'note.txt') })).toContain('is a file')
    expect(await fault(image(), { kind: 'oci-archive', path: out })).toContain('is a folder')
    expect(await fault(image(), { kind: 'oci', path: join(out, 'no/image') })).toContain('make it first')
    expect(await fault(image(), { kind: 'oci-archive', path: join(out, 'no/image') })).toContain('make it first')
    expect(readdirSync(out)).toEqual(['note.txt'])
  })

  test('with a level that there is not, or more layers than engines take', async () => {
    expect(await fault(image(), undefined, { compression: 'gzip', level: 12 })).toContain('levels from 1 to 9')
    const layers = Array.from({ length: 126 }, (_, i) => layerOf(`layer ${i}`, []))
    expect(await fault(imageOf(layers))).toContain('at most 125')
  })

  test.for(['oci', 'oci-archive'] as const)('onto a disk that is full, %s', (kind, context) => {
    const place = join(out, 'disk')
    mkdirSync(place)
    const script = join(import.meta.dirname, '../support/image/write-root.ts')
    const build = `node --import tsx '${script}' '${root}' ${kind} '${place}/image'; ls -A '${place}'`
    const command = `mount -t tmpfs -o size=2m none '${place}' || exit 77; ${build}`
    const run = spawnSync('unshare', ['--mount', 'sh', '-c', command], { encoding: 'utf8' })
    if (run.error !== undefined || run.status === 77 || run.stderr.includes('unshare:')) {
      context.skip(`no disk of its own can be made here (${run.stderr.trim() || 'unshare is not installed'})`)
    }
    expect(run.stdout.trim()).toBe(
      `${place}/image: cannot be written: the disk is full (ENOSPC); free some space or name another place`,
    )
  })
})
