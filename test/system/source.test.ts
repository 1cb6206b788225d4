/** Sources that are named wrongly, and what is said of them. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { openSource } from '../../src/system/source.ts'
import { isLayout, placeOf, prefixOf } from '../../src/system/source-kind.ts'
import { makeFolder } from '../support/system/folder.ts'
import { ociLayout, tar } from '../support/tree/tar-writer.ts'

async function said(spec: string): Promise<string> {
  const found = await openSource(spec, null)
  return 'message' in found ? found.message : found.label
}

function fileOf(bytes: Uint8Array | string): string {
  const file = join(makeFolder({}), 'source')
  writeFileSync(file, bytes)
  return file
}

describe('what a source says of itself', () => {
  test.each([
    ['oci:/a/b', { kind: 'oci', rest: '/a/b' }],
    ['oci-archive:x.tar:1', { kind: 'oci-archive', rest: 'x.tar:1' }],
    ['docker-archive:', { kind: 'docker-archive', rest: '' }],
    ['ocix:/a', null],
    ['/oci:/a', null],
    ['', null],
  ])('%j', (spec, parts) => {
    expect(prefixOf(spec)).toEqual(parts)
  })

  test('the last colon parts a tag, unless all of it is a path, or the tag has a colon of its own', () => {
    const top = makeFolder({ 'a:b': '', c: '' })
    expect(placeOf(`${top}/a:b`, true)).toEqual({ path: `${top}/a:b`, reference: null })
    expect(placeOf(`${top}/a:b:1`, true)).toEqual({ path: `${top}/a:b`, reference: '1' })
    expect(placeOf(`${top}/c:studio/x:1`, true)).toEqual({ path: `${top}/c`, reference: 'studio/x:1' })
    expect(placeOf(`${top}/gone`, true)).toEqual({ path: `${top}/gone`, reference: null })
    // A path that says nothing of itself has no tag.
    expect(placeOf(`${top}/c:1`, false)).toEqual({ path: `${top}/c:1`, reference: null })
  })

  test('a layout has its two files', () => {
    expect(
      [{ 'oci-layout': '' }, { 'index.json': '' }, { 'oci-layout': '', 'index.json': '' }].map((files) =>
        isLayout(makeFolder(files)),
      ),
    ).toEqual([false, false, true])
    expect(isLayout('/nowhere')).toBe(false)
  })
})

describe('a source that is none says what to name', () => {
  const root = tar({ name: 'usr/lib/x', data: 'x' })
  const none = 'is no capture and no tar archive; name a root folder, oci:DIR or a capture'

  test.each<[string, () => string, string | RegExp]>([
    ['nothing there', () => 'oci:/nowhere:1', 'does not exist; name a folder, an image or a capture'],
    ['a file as a layout', () => `oci:${fileOf('x')}`, /^is no folder; for an archive say oci-archive:/],
    ['a folder as an archive', () => `docker-archive:${makeFolder({ x: '' })}`, 'is a folder; name a file'],
    ['a folder that is no layout', () => `oci:${makeFolder({ x: '' })}`, 'is no OCI layout: it has no index.json'],
    ['a short text', () => fileOf('hello'), none],
    ['a long text', () => fileOf('hello\n'.repeat(500)), none],
    ['a program', () => process.execPath, none],
    ['a text that is said to be an archive', () => `oci-archive:${fileOf('hello'.repeat(500))}`, /tar/],
    ['a packed text', () => fileOf(gzipSync('hello'.repeat(500))), /tar/],
    ['an archive that is damaged further on', () => fileOf(Buffer.from(root).fill(7, 1024, 1600)), /tar|checksum/],
    ['an archive that is cut at once', () => fileOf(root.subarray(0, 400)), 'the archive ends within a header'],
    ['an empty layer', () => fileOf(tar()), /^holds no files/],
  ])('%s', async (_, spec, message) => {
    expect(await said(spec())).toMatch(message)
  })
})

test('an image says what it sets for the loader', async () => {
  const layer = tar({ name: 'usr/lib/x', data: 'x' })
  const environment = ['PATH=/bin', 'LD_LIBRARY_PATH=/opt/lib', 'LD_PRELOAD=', 'LD_LIBRARY_PATH', '=x']
  const top = makeFolder(Object.fromEntries(ociLayout({ layers: [layer], environment })))
  const seen: string[] = []
  const system = await openSource(`oci:${top}`, null, null, { progress: (label) => seen.push(label) })
  if ('message' in system) throw new Error(system.message)
  expect(system.notes).toEqual([
    'the image sets LD_LIBRARY_PATH=/opt/lib: it counts for what does not set the variable itself',
  ])
  expect([...(system.environment ?? [])]).toEqual([
    ['PATH', '/bin'],
    ['LD_LIBRARY_PATH', '/opt/lib'],
    ['LD_PRELOAD', ''],
  ])
  // Who reads long sources is told of each.
  expect(new Set(seen).size).toBe(1)
  expect(seen[0]).toContain('blobs/sha256/')
})
