/** Which image is meant, and what is said of images that are not as they should be. */
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { failed } from '../../../src/domain/tree.ts'
import { openSource } from '../../../src/system/source.ts'
import { makeFolder } from '../../support/system/folder.ts'
import { entry, ociLayout, pax, sha256, tar } from '../../support/tree/tar-writer.ts'
import type { TarSpec } from '../../support/tree/tar-writer.ts'

type Files = Map<string, Buffer>
type Json = Readonly<Record<string, unknown>>

const layerOf = (name: string): Buffer => tar({ name: `usr/lib/${name}`, data: name })

/** A layout without an index, to which images and indices are added. */
function layout(): {
  readonly files: Files
  readonly image: (name: string) => Json
  readonly index: (manifests: readonly Json[]) => Json
} {
  const files: Files = new Map([['oci-layout', Buffer.from('{}')]])
  const add = (bytes: Buffer): Json => {
    files.set(`blobs/sha256/${sha256(bytes)}`, bytes)
    return { digest: `sha256:${sha256(bytes)}`, size: bytes.length }
  }
  return {
    files,
    image: (name) => {
      const made = ociLayout({ layers: [layerOf(name)] })
      for (const [path, bytes] of made) if (path.startsWith('blobs/')) files.set(path, bytes)
      const { manifests } = JSON.parse(String(made.get('index.json'))) as { manifests: readonly Json[] }
      return manifests[0] ?? {}
    },
    index: (manifests) => add(Buffer.from(JSON.stringify({ schemaVersion: 2, manifests }))),
  }
}

function written(files: Files, manifests: unknown): string {
  const top = makeFolder({})
  files.set('index.json', Buffer.from(JSON.stringify({ schemaVersion: 2, manifests })))
  for (const [name, bytes] of files) {
    mkdirSync(dirname(join(top, name)), { recursive: true })
    writeFileSync(join(top, name), bytes)
  }
  return top
}

/** The libraries of what is opened, or why it is not. */
async function opened(spec: string, platform: string | null = null): Promise<readonly string[] | string> {
  const system = await openSource(spec, null, null, { platform })
  if ('message' in system) return system.message
  const children = system.tree.children('/usr/lib')
  return failed(children) ? children.errno : children.map((child) => child.name)
}

const named = (descriptor: Json, name: string): Json => ({
  ...descriptor,
  annotations: { 'org.opencontainers.image.ref.name': name },
})
const on = (descriptor: Json, architecture: string): Json => ({
  ...descriptor,
  platform: { os: 'linux', architecture },
})

describe('a layout of several images', () => {
  const make = (): string => {
    const { files, image } = layout()
    return written(files, [named(image('one'), 'docker.io/studio/base:1'), named(image('two'), '2'), image('three')])
  }

  test.each([
    [':docker.io/studio/base:1', ['one']],
    [':studio/base:1', ['one']],
    [':2', ['two']],
    ['', 'there are several images: name one; there are: docker.io/studio/base:1, 2, an image without a name'],
    [':3', "no image is named '3'; there are: docker.io/studio/base:1, 2, an image without a name"],
  ])('asked for %j', async (tag, found) => {
    expect(await opened(`oci:${make()}${tag}`)).toEqual(found)
  })

  test('a digest names one as well', async () => {
    const { files, image } = layout()
    const [one, two] = [image('one'), image('two')]
    expect(await opened(`oci:${written(files, [one, two])}:${String(two['digest'])}`)).toEqual(['two'])
  })

  test('what lies beside images is none: signatures, attestations', async () => {
    const { files, image } = layout()
    const beside = [
      { ...image('signature'), artifactType: 'application/x' },
      { ...image('proof'), platform: { os: 'unknown', architecture: 'unknown' } },
    ]
    expect(await opened(`oci:${written(files, [...beside, image('one')])}`)).toEqual(['one'])
    expect(await opened(`oci:${written(files, beside)}`)).toBe('there is no image in it')
    expect(await opened(`oci:${written(files, [])}`)).toBe('there is no image in it')
  })
})

describe('an image for several platforms', () => {
  test.each([
    [null, ['amd64']],
    ['linux/arm64', ['arm64']],
    ['linux/riscv64', 'no image for linux/riscv64; there are: linux/amd64, linux/arm64, no platform'],
  ])('asked for %j', async (platform, found) => {
    const { files, image, index } = layout()
    const inner = index([on(image('amd64'), 'amd64'), on(image('arm64'), 'arm64'), image('odd')])
    expect(await opened(`oci:${written(files, [inner])}`, platform)).toEqual(found)
  })

  test('with one platform only is that one, unless another one is asked for', async () => {
    const { files, image, index } = layout()
    const top = written(files, [index([on(image('arm64'), 'arm64')])])
    expect(await opened(`oci:${top}`)).toEqual(['arm64'])
    expect(await opened(`oci:${top}`, 'linux/amd64')).toBe('no image for linux/amd64; there are: linux/arm64')
  })

  test('without one for this kind of machine has to be told', async () => {
    const { files, image, index } = layout()
    const top = written(files, [index([on(image('arm64'), 'arm64'), on(image('s390x'), 's390x')])])
    expect(await opened(`oci:${top}`)).toBe('no image for linux/amd64; there are: linux/arm64, linux/s390x')
  })

  test('without an index of its own: one name, several platforms', async () => {
    const { files, image } = layout()
    const both = [named(on(image('arm64'), 'arm64'), '1'), named(on(image('amd64'), 'amd64'), '1')]
    expect(await opened(`oci:${written(files, both)}:1`)).toEqual(['amd64'])
  })

  test('in index over index ends somewhere', async () => {
    const { files, image, index } = layout()
    let deep = image('deep')
    for (let i = 0; i < 4; i += 1) deep = index([deep])
    expect(await opened(`oci:${written(files, [deep])}`)).toEqual(['deep'])
    expect(await opened(`oci:${written(files, [index([deep])])}`)).toBe('indices within indices, more than 4 deep')
  })
})

describe('a layout that lacks something', () => {
  const changed = (change: (files: Files, manifest: Json) => Json): string => {
    const { files, image } = layout()
    const descriptor = image('one')
    const path = `blobs/${String(descriptor['digest']).replace(':', '/')}`
    const manifest = change(files, JSON.parse(String(files.get(path))) as Json)
    const bytes = Buffer.from(JSON.stringify(manifest))
    files.set(`blobs/sha256/${sha256(bytes)}`, bytes)
    return written(files, [{ digest: `sha256:${sha256(bytes)}` }])
  }
  const digestOf = (value: unknown): string => String((value as Json)['digest']).replace('sha256:', '')

  test.each<[string, (files: Files, manifest: Json) => Json, string]>([
    [
      'its configuration',
      (files, manifest) => (files.delete(`blobs/sha256/${digestOf(manifest['config'])}`), manifest),
      'is absent or too large',
    ],
    [
      'a layer',
      (files, manifest) => (files.delete(`blobs/sha256/${digestOf((manifest['layers'] as unknown[])[0])}`), manifest),
      'is absent',
    ],
    ['the digest of its configuration', (_, manifest) => ({ ...manifest, config: {} }), 'a digest is missing'],
    ['a configuration', (_, { layers }) => ({ layers }), 'manifest is not what an image has there'],
    ['layers', (_, { config }) => ({ config }), 'holds no files'],
    ['a bound', (_, manifest) => ({ ...manifest, layers: Array(1001).fill({}) }), '1001 layers; at most 1000 are read'],
    ['a layer of the right kind', (_, manifest) => ({ ...manifest, layers: ['x'] }), 'manifest is not what an image'],
  ])('%s', async (_, change, message) => {
    expect(await opened(`oci:${changed(change)}`)).toContain(message)
  })

  test('its index', async () => {
    const top = makeFolder({ 'oci-layout': '{}' })
    expect(await opened(`oci:${top}`)).toBe('is no OCI layout: it has no index.json')
  })

  test('the digests of what its layers hold: they are read unchecked', async () => {
    const { files, image } = layout()
    image('one')
    const config = Buffer.from('{"config": [], "rootfs": 3}')
    const layer = gzipSync(layerOf('one'))
    const manifest = Buffer.from(
      JSON.stringify({
        config: { digest: `sha256:${sha256(config)}` },
        layers: [{ digest: `sha256:${sha256(layer)}` }],
      }),
    )
    for (const bytes of [config, layer, manifest]) files.set(`blobs/sha256/${sha256(bytes)}`, bytes)
    expect(await opened(`oci:${written(files, [{ digest: `sha256:${sha256(manifest)}` }])}`)).toEqual(['one'])
  })

  test('a link out of the layout is as good as absent', async () => {
    const { files, image } = layout()
    const top = written(files, [image('one')])
    const outside = makeFolder({ 'index.json': String(files.get('index.json')) })
    rmSync(join(top, 'index.json'))
    symlinkSync(join(outside, 'index.json'), join(top, 'index.json'))
    expect(await opened(`oci:${top}`)).toBe('index.json is absent or too large')
  })
})

describe('an archive of docker', () => {
  const config = (...layers: readonly Buffer[]): string =>
    JSON.stringify({ os: 'linux', rootfs: { diff_ids: layers.map((layer) => `sha256:${sha256(layer)}`) } })
  const one = layerOf('one')
  const two = layerOf('two')
  const file = (bytes: Uint8Array): string => join(makeFolder({ 'x.tar': bytes }), 'x.tar')
  const manifest = (value: unknown): { name: string; data: string } => ({
    name: 'manifest.json',
    data: JSON.stringify(value),
  })
  const several = tar(
    manifest([
      { Config: '1.json', RepoTags: ['studio/base:1'], Layers: ['1/layer.tar'] },
      { Config: '2.json', RepoTags: ['studio/base:2'], Layers: ['1/layer.tar', '2/layer.tar'] },
    ]),
    { name: '1.json', data: config(one) },
    { name: '2.json', data: config(one, two) },
    { name: '1/layer.tar', data: one },
    // As docker's old layout has it: what two images share is a link.
    { name: '2/shared.tar', type: '1', link: '1/layer.tar' },
    { name: '2/layer.tar', data: two },
  )

  test.each([
    [':studio/base:1', ['one']],
    [':2', ['one', 'two']],
    ['', 'there are several images: name one; there are: studio/base:1, studio/base:2'],
    [':9', "no image is named '9'; there are: studio/base:1, studio/base:2"],
  ])('of two images, asked for %j', async (tag, found) => {
    expect(await opened(`docker-archive:${file(several)}${tag}`)).toEqual(found)
    expect(await opened(`docker-archive:${file(gzipSync(several))}${tag}`)).toEqual(found)
  })

  const image = (layers: unknown, ...more: readonly (TarSpec | Buffer)[]): Buffer =>
    tar(manifest([{ Config: 'c.json', Layers: layers }]), { name: 'c.json', data: config() }, ...more)

  test.each<[string, Buffer, readonly string[] | string]>([
    ['no image', tar(manifest([])), 'there is no image in it'],
    ['a manifest of another shape', tar(manifest(['x'])), 'manifest.json is not what an image has there'],
    ['a configuration without a name', tar(manifest([{ Layers: [] }])), 'a name or a digest is missing'],
    [
      'a configuration that is absent',
      tar(manifest([{ Config: 'c.json', Layers: [] }])),
      'c.json is absent or too large',
    ],
    ['too many layers', image(Array(1001).fill('x')), '1001 layers; at most 1000 are read'],
    [
      'a hard link as a layer',
      image(['l'], { name: 'd/x', data: one }, { name: 'l', type: '1', link: 'd/x' }),
      ['one'],
    ],
    ['a link to a layer', image(['d/l'], { name: 'd/x', data: one }, { name: 'd/l', type: '2', link: 'x' }), ['one']],
    ['a pipe as a layer', image(['l'], { name: 'l', type: '6' }), 'the layer l is absent'],
    [
      'a layer that is stored with holes',
      image(
        ['l'],
        pax({ 'GNU.sparse.map': '0,512', 'GNU.sparse.size': '1024' }),
        entry({ name: 'l', data: Buffer.alloc(512) }),
      ),
      'the layer l cannot be read',
    ],
  ])('with %s', async (_, bytes, found) => {
    for (const stored of [bytes, gzipSync(bytes)]) expect(await opened(file(stored))).toEqual(found)
  })

  test('that ends within a layer', async () => {
    const bytes = image(['l'], { name: 'l', data: tar({ name: 'usr/lib/one', data: Buffer.alloc(300_000) }) })
    expect(await opened(file(bytes))).toEqual(['one'])
    expect(await opened(file(bytes.subarray(0, bytes.length - 200_000)))).toContain('the archive ends')
    expect(await opened(file(bytes.subarray(0, 3000)))).toContain('the archive ends')
  })
})

test('an archive of OCI, packed or not', async () => {
  const files = ociLayout({ layers: [layerOf('one')] })
  const archive = tar(...[...files].map(([name, data]) => ({ name, data })))
  for (const bytes of [archive, gzipSync(archive)]) {
    const top = makeFolder({ 'x.tar': bytes })
    expect(await opened(`oci-archive:${join(top, 'x.tar')}`)).toEqual(['one'])
  }
})

test('files named as those of an image, but without the rest, are a root file system', async () => {
  const bytes = tar({ name: 'oci-layout', data: '{}' }, { name: 'srv/x', data: 'x' }, { name: 'usr/lib/one', data: '' })
  const top = makeFolder({ 'x.tar': bytes, 'y.tgz': gzipSync(bytes) })
  for (const name of ['x.tar', 'y.tgz']) expect(await opened(join(top, name))).toEqual(['one'])
  expect(await opened(join(makeFolder({ 'z.tar': tar({ name: 'oci-layout', data: '{}' }) }), 'z.tar'))).toBe('ENOENT')
})
