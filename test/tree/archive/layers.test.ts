/** Layers over one another, and the dialects of tar, as the tools that write images and archives use them. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { faultText } from '../../../src/domain/fault.ts'
import { failed } from '../../../src/domain/tree.ts'
import type { Tree } from '../../../src/domain/tree.ts'
import { openSource } from '../../../src/system/source.ts'
import { makeFolder } from '../../support/system/folder.ts'
import { entry, ociLayout, pax, tar } from '../../support/tree/tar-writer.ts'
import type { ImageSpec, TarSpec } from '../../support/tree/tar-writer.ts'

let folder = ''
let made = 0

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'airtight-layers-'))
})

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

async function image(spec: ImageSpec): Promise<Tree> {
  made += 1
  const top = join(folder, `layout${made}`)
  for (const [name, bytes] of ociLayout(spec)) {
    mkdirSync(dirname(join(top, name)), { recursive: true })
    writeFileSync(join(top, name), bytes)
  }
  return treeOf(`oci:${top}`)
}

async function archive(bytes: Uint8Array): Promise<Tree> {
  made += 1
  const file = join(folder, `archive${made}`)
  writeFileSync(file, bytes)
  return treeOf(file)
}

async function treeOf(spec: string): Promise<Tree> {
  const system = await openSource(spec, null)
  if ('message' in system) throw new Error(faultText(system))
  return system.tree
}

function names(tree: Tree, path: string): readonly string[] | string {
  const children = tree.children(path)
  return failed(children) ? children.errno : children.map((child) => child.name)
}

function text(tree: Tree, path: string): string {
  const content = tree.content(path, 10_000)
  return failed(content) ? content.errno : Buffer.from(content).toString()
}

const f = (name: string, data = name): TarSpec => ({ name, data })
const d = (name: string): TarSpec => ({ name, type: '5' })

describe('layers', () => {
  test('a marker takes away the name below, with all it holds', async () => {
    const tree = await image({
      layers: [tar(d('a/'), f('a/x'), f('a/y'), d('b/'), f('b/z')), tar(f('a/.wh.x', ''), f('.wh.b', ''))],
    })
    expect(names(tree, '/')).toEqual(['a'])
    expect(names(tree, '/a')).toEqual(['y'])
  })

  test('a marker takes nothing away from its own layer, wherever it stands', async () => {
    for (const upper of [tar(f('a/.wh.x', ''), f('a/x', 'new')), tar(f('a/x', 'new'), f('a/.wh.x', ''))]) {
      const tree = await image({ layers: [tar(f('a/x', 'old'), f('a/y')), upper] })
      expect(names(tree, '/a')).toEqual(['x', 'y'])
      expect(text(tree, '/a/x').slice(0, 3)).toBe('new')
    }
  })

  test('an opaque folder shows only what its own layer puts there', async () => {
    const tree = await image({
      layers: [tar(f('a/x'), f('a/deep/y')), tar(d('a/'), f('a/new'), f('a/.wh..wh..opq', '')), tar(f('a/later'))],
    })
    expect(names(tree, '/a')).toEqual(['later', 'new'])
  })

  test('a folder over a folder keeps what it holds; a file over a folder, and a folder over a link, replace', async () => {
    const tree = await image({
      layers: [
        tar(f('keep/x'), f('gone/x'), { name: 'link', type: '2', link: 'keep' }),
        tar(d('keep/'), f('keep/y'), f('gone'), d('link/'), f('link/z')),
      ],
    })
    expect(names(tree, '/keep')).toEqual(['x', 'y'])
    expect(text(tree, '/gone').slice(0, 4)).toBe('gone')
    expect(names(tree, '/link')).toEqual(['z'])
  })

  test('a hard link may lead into a lower layer, even to a name that its own layer takes away', async () => {
    const upper = tar({ name: 'b/second.conf', type: '1', link: 'etc/first.conf' }, f('etc/.wh.first.conf', ''))
    const tree = await image({ layers: [tar(f('etc/first.conf', 'text')), upper] })
    expect(names(tree, '/etc')).toEqual([])
    expect(text(tree, '/b/second.conf').slice(0, 4)).toBe('text')
  })

  test('two names of one file are one file', async () => {
    const tree = await image({
      layers: [tar(f('etc/a.conf', 'text'), { name: 'etc/b.conf', type: '1', link: './etc/a.conf' })],
    })
    expect(tree.status('/etc/a.conf')).toEqual(tree.status('/etc/b.conf'))
  })

  test('the same layer twice is laid twice', async () => {
    const layer = tar(f('a/x'))
    const tree = await image({ layers: [layer, tar(f('a/.wh.x', ''), f('a/y')), layer] })
    expect(names(tree, '/a')).toEqual(['x', 'y'])
  })

  test.each([
    ['uncompressed', (layer: Buffer) => layer],
    [
      'gzip in two members',
      (layer: Buffer) => Buffer.concat([gzipSync(layer.subarray(0, 700)), gzipSync(layer.subarray(700))]),
    ],
  ])('%s', async (_, store) => {
    expect(names(await image({ layers: [tar(f('a/x'))], store }), '/a')).toEqual(['x'])
  })
})

describe('dialects', () => {
  const long = `etc/${'n'.repeat(120)}.conf`

  test('long names of GNU and of PAX', async () => {
    const gnu = await archive(
      tar(entry({ name: '././@LongLink', type: 'L', data: `${long}\0` }), { name: 'short', data: 'gnu' }),
    )
    expect(text(gnu, `/${long}`)).toBe('gnu')
    const posix = await archive(tar(pax({ path: long }), { name: 'short', data: 'pax' }, f('etc/next.conf', 'next')))
    expect(text(posix, `/${long}`)).toBe('pax')
    expect(text(posix, '/etc/next.conf')).toBe('next')
  })

  test('long targets of links', async () => {
    const target = `${'d/'.repeat(80)}x`
    const tree = await archive(
      tar(entry({ name: 'K', type: 'K', data: `${target}\0` }), { name: 'l', type: '2', link: 'short' }),
    )
    expect(tree.link('/l')).toBe(target)
  })

  test('names that are no text', async () => {
    const tree = await archive(tar({ name: 'etc/\xff\xfe.conf', data: 'x' }))
    expect(names(tree, '/etc')).toEqual(['\udcff\udcfe.conf'])
  })

  test('a folder of old archives is a file whose name ends in a slash', async () => {
    const tree = await archive(tar({ name: 'old/', patch: { 156: '\0', 257: '\0\0\0\0\0\0' } }, f('old/x')))
    expect(names(tree, '/old')).toEqual(['x'])
  })

  test('a leading ./ and a root that is an entry', async () => {
    expect(names(await archive(tar(d('./'), f('./a'), f('b'))), '/')).toEqual(['a', 'b'])
  })

  test('sizes beyond octal digits', async () => {
    const size = Buffer.alloc(12)
    size[0] = 0x80
    size[11] = 4
    const tree = await archive(tar({ name: 'etc/x.conf', data: 'four', patch: { 124: size.toString('latin1') } }))
    expect(text(tree, '/etc/x.conf')).toBe('four')
  })

  test('sparse files as GNU tar writes them, in every form it has', async () => {
    if (!spawnSync('sh', ['-c', 'tar --version'], { encoding: 'utf8' }).stdout.includes('GNU tar')) {
      console.error('SKIPPED: sparse archives: GNU tar is missing')
      return
    }
    const root = makeFolder({ 'etc/holes.conf': '' })
    const file = join(root, 'etc/holes.conf')
    execFileSync('dd', ['if=/dev/zero', `of=${file}`, 'bs=1', 'count=0', 'seek=40000'], { stdio: 'ignore' })
    execFileSync(
      'sh',
      ['-c', `printf begin | dd of=${file} conv=notrunc; printf end | dd of=${file} bs=1 seek=30000 conv=notrunc`],
      {
        stdio: 'ignore',
      },
    )
    for (const form of [
      ['--format=gnu'],
      ['--format=pax', '--sparse-version=0.0'],
      ['--format=pax', '--sparse-version=0.1'],
      ['--format=pax', '--sparse-version=1.0'],
    ]) {
      const bytes = execFileSync('tar', ['-C', root, '-c', '--sparse', ...form, 'etc'])
      const content = (await archive(bytes)).content('/etc/holes.conf', 100_000)
      if (failed(content)) throw new Error(content.errno)
      expect([
        content.length,
        Buffer.from(content.subarray(0, 5)).toString(),
        Buffer.from(content.subarray(30_000, 30_003)).toString(),
      ]).toEqual([40_000, 'begin', 'end'])
    }
  })
})
