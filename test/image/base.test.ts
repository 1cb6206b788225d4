/** An image that another one begins with: read from every form, its layers passed on byte for byte. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { faultText } from '../../src/domain/fault.ts'
import { failed } from '../../src/domain/tree.ts'
import { archiveFormat, readBase } from '../../src/image/base.ts'
import type { BaseImage, BaseLayer, Image } from '../../src/image/model.ts'
import { writeImage } from '../../src/image/write.ts'
import type { ImageTarget } from '../../src/image/write.ts'
import { openSource } from '../../src/system/source.ts'
import { imageOf, layerOf } from '../support/image/layer.ts'
import { ociLayout, sha256, tar } from '../support/tree/tar-writer.ts'

let top = ''
let out = ''
let made = 0

beforeAll(() => {
  top = mkdtempSync(join(tmpdir(), 'airtight-base-'))
})

afterAll(() => {
  rmSync(top, { recursive: true, force: true })
})

beforeEach(() => {
  made += 1
  out = join(top, `test${made}`)
  mkdirSync(out)
})

const layers = [
  tar({ name: 'usr/lib/a', data: 'a' }, { name: 'lib', type: '2', link: 'usr/lib' }),
  tar({ name: 'etc/b', data: 'b' }),
]
const packed = layers.map((layer) => gzipSync(layer))
const NO_IMAGE = 'file: is no image; name an OCI layout, an archive, a SIF file or an unpacked root'

async function base(spec: string): Promise<BaseImage> {
  const found = await readBase(spec)
  if ('message' in found) throw new Error(faultText(found))
  return found
}

async function fault(spec: string): Promise<string> {
  const found = await readBase(spec)
  return 'message' in found ? faultText(found) : 'was read'
}

async function bytesOf(layer: BaseLayer): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const chunk of layer.bytes()) parts.push(Buffer.from(chunk))
  return Buffer.concat(parts)
}

/** What `docker save` and skopeo write: layers under names that say nothing, some of them links. */
function dockerArchive(stored: readonly Buffer[]): Buffer {
  const config = {
    architecture: 'arm64',
    variant: 'v8',
    os: 'linux',
    config: { Env: ['A=1'], Entrypoint: ['/bin/sh'], Cmd: ['-c', 'true'], User: '1000', Labels: { of: 'base' } },
    rootfs: { type: 'layers', diff_ids: layers.map((layer) => `sha256:${sha256(layer)}`) },
    history: [{ created_by: 'ADD first' }, { created_by: 'ENV A=1', empty_layer: true }, { created_by: 'RUN second' }],
  }
  const manifest = [{ Config: 'config.json', RepoTags: ['studio/base:1'], Layers: ['one.tar', 'two/layer.tar'] }]
  return tar(
    { name: 'two/layer.tar', type: '2', link: '../2.tar' },
    { name: 'one.tar', data: stored[0] ?? '' },
    { name: '2.tar', data: stored[1] ?? '' },
    { name: 'config.json', data: JSON.stringify(config) },
    { name: 'manifest.json', data: JSON.stringify(manifest) },
  )
}

function layoutAt(path: string): void {
  for (const [name, bytes] of ociLayout({ layers })) {
    mkdirSync(dirname(join(path, name)), { recursive: true })
    writeFileSync(join(path, name), bytes)
  }
}

const forms: readonly (readonly [string, (path: string) => string, readonly Buffer[], string])[] = [
  [
    'an OCI layout',
    (path) => {
      layoutAt(path)
      return `oci:${path}`
    },
    packed,
    '+gzip',
  ],
  [
    'an archive of docker, not packed',
    (path) => {
      writeFileSync(path, dockerArchive(layers))
      return `docker-archive:${path}:studio/base:1`
    },
    layers,
    '',
  ],
  [
    'an archive of docker with packed layers',
    (path) => {
      writeFileSync(path, dockerArchive(packed))
      return `docker-archive:${path}`
    },
    packed,
    '+gzip',
  ],
  [
    'an archive of docker that is packed as a whole',
    (path) => {
      writeFileSync(path, gzipSync(dockerArchive(packed)))
      return path
    },
    packed,
    '+gzip',
  ],
]

describe.each(forms)('%s', (_, make, stored, suffix) => {
  test('gives its layers as they lie there', async () => {
    const found = await base(make(join(out, 'base')))
    expect(found.layers.map(({ digest, diffId, size, mediaType }) => ({ digest, diffId, size, mediaType }))).toEqual(
      stored.map((bytes, i) => ({
        digest: `sha256:${sha256(bytes)}`,
        diffId: `sha256:${sha256(layers[i] ?? bytes)}`,
        size: bytes.length,
        mediaType: `application/vnd.oci.image.layer.v1.tar${suffix}`,
      })),
    )
    for (const [i, layer] of found.layers.entries())
      expect((await bytesOf(layer)).equals(stored[i] ?? layers[0] ?? Buffer.alloc(0))).toBe(true)
  })

  test.each(['oci', 'oci-archive'] as const)('is the bottom of an image, %s', async (kind) => {
    const found = await base(make(join(out, 'base')))
    const content = { kind: 'bytes', bytes: Buffer.from('c') } as const
    const entry = { kind: 'file', path: 'opt/c', mode: 0o644, uid: 0, gid: 0, modified: 0, size: 1, content } as const
    const path = join(out, 'image')
    const image: Image = { ...imageOf([layerOf('c 1', [entry])]), base: found, architecture: found.architecture }
    const written = await writeImage(image, { kind, path }, { compression: 'gzip' })
    if ('message' in written) throw new Error(faultText(written))
    expect(written.layers.map(({ class: name }) => name)).toEqual(['base', 'base', 'application'])
    expect(written.layers.slice(0, 2).map(({ digest }) => digest)).toEqual(found.layers.map(({ digest }) => digest))
    const system = await openSource(`${kind}:${path}`, null)
    if ('message' in system) throw new Error(faultText(system))
    for (const name of ['/lib/a', '/etc/b', '/opt/c']) expect(failed(system.tree.lookup(name))).toBe(false)
    const again = await base(`${kind}:${path}`)
    expect(again.layers.map(({ diffId }) => diffId)).toEqual(written.layers.map(({ diffId }) => diffId))
    expect(again.history.at(-1)).toBe('airtight: c 1')
  })
})

test('says how it is run, and what its layers were made by', async () => {
  const path = join(out, 'base.tar')
  writeFileSync(path, dockerArchive(layers))
  const { architecture, variant, config, history } = await base(`docker-archive:${path}`)
  expect([architecture, variant, history]).toEqual(['arm64', 'v8', ['ADD first', 'RUN second']])
  expect(config).toEqual({
    env: ['A=1'],
    entrypoint: ['/bin/sh'],
    cmd: ['-c', 'true'],
    workingDir: '',
    user: '1000',
    labels: { of: 'base' },
  })
})

test('whose layer is damaged while it is copied ends the build', async () => {
  const path = join(out, 'base')
  layoutAt(path)
  const found = await base(`oci:${path}`)
  const name = join(path, 'blobs/sha256', found.layers[1]?.digest.slice(7) ?? '')
  const bytes = readFileSync(name)
  bytes[20] = (bytes[20] ?? 0) ^ 1
  writeFileSync(name, bytes)
  const target: ImageTarget = { kind: 'oci', path: join(out, 'image') }
  const written = await writeImage({ ...imageOf([]), base: found }, target, { compression: 'none' })
  expect('message' in written ? written.message : 'written').toContain('is not what its digest says')
})

describe('whose configuration says less, or otherwise', () => {
  const archive = (config: object, stored: Buffer = layers[0] ?? Buffer.alloc(0)): string => {
    const path = join(out, `odd${(made += 1)}.tar`)
    const manifest = [{ Config: 'config.json', Layers: ['one.tar'] }]
    writeFileSync(
      path,
      tar(
        { name: 'one.tar', data: stored },
        { name: 'config.json', data: JSON.stringify(config) },
        { name: 'manifest.json', data: JSON.stringify(manifest) },
      ),
    )
    return path
  }
  const rootfs = { diff_ids: [`sha256:${sha256(layers[0] ?? Buffer.alloc(0))}`] }

  test('is run as it stands there', async () => {
    const config = { Env: 'A=1', Cmd: ['sh', 5], Labels: { a: 'b', c: 5 }, WorkingDir: 3 }
    const found = await base(archive({ rootfs, config, variant: '', history: ['x', { created_by: 7 }] }))
    expect([found.architecture, found.variant, found.history]).toEqual(['amd64', null, ['', '']])
    expect(found.config).toEqual({ env: [], entrypoint: [], cmd: ['sh'], workingDir: '', user: '', labels: { a: 'b' } })
    expect((await base(archive({ rootfs, config: [] }))).config.labels).toEqual({})
  })

  test.each<[string, () => string, string]>([
    ['no digest', () => archive({}), 'the configuration has no diff_id for the layer one.tar'],
    ['another digest', () => archive({ rootfs }, packed[1]), 'is not what the configuration says (diff_id)'],
    [
      'a blob that is gone',
      () => {
        layoutAt(join(out, 'gone'))
        rmSync(join(out, 'gone/blobs/sha256', sha256(packed[0] ?? Buffer.alloc(0))))
        return `oci:${join(out, 'gone')}`
      },
      'is absent',
    ],
  ])('is refused with %s', async (_, make, message) => {
    expect(await fault(make())).toContain(message)
  })
})

test('that is none is a fault in one line', async () => {
  const nothing = join(out, 'nothing')
  expect(await fault(`oci:${nothing}`)).toContain('does not exist')
  expect(await fault(out)).toContain('is no OCI layout')
  writeFileSync(join(out, 'root.tar'), tar({ name: 'usr/lib/a', data: 'a' }))
  expect(await fault(join(out, 'root.tar'))).toContain('holds no image but files')
  expect(await fault(`oci:${join(out, 'root.tar')}`)).toContain('say oci-archive:')
  writeFileSync(join(out, 'text'), 'x'.repeat(2000))
  expect(await fault(`docker-archive:${join(out, 'text')}`)).toContain('checksum')
  writeFileSync(join(out, 'cut.tar'), dockerArchive(packed).subarray(0, 1800))
  expect(await fault(`docker-archive:${join(out, 'cut.tar')}`)).not.toBe('was read')
})

test.each([
  ['as docker saves it', dockerArchive(layers), null, 'docker-archive'],
  ['an OCI layout', tar(...[...ociLayout({ layers })].map(([name, data]) => ({ name, data }))), null, 'oci-archive'],
  ['a packed one, whose manifest is not looked for', gzipSync(dockerArchive(layers)), null, 'docker-archive'],
  ['a packed one that the user knows', gzipSync(dockerArchive(layers)), 'oci-archive', 'oci-archive'],
  ['a root file system', layers[1], null, NO_IMAGE],
  ['a packed root file system', packed[1], null, NO_IMAGE],
  ['cut short before its manifest', dockerArchive(layers).subarray(0, 2000), null, NO_IMAGE],
  ['no archive', Buffer.alloc(2000, 'text '), 'docker-archive', NO_IMAGE],
  [
    'a damaged packed file',
    Buffer.from('1f8b0800000000000003ffffffff', 'hex'),
    null,
    'file: the gzip data is damaged: invalid block type',
  ],
] as const)('what an engine is told of an archive: %s', async (_, bytes, named, expected) => {
  const path = join(out, 'archive')
  writeFileSync(path, bytes ?? '')
  const found = await archiveFormat('file', path, named)
  expect(typeof found === 'string' ? found : faultText(found)).toBe(expected)
})
