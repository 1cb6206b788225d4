/** The index of a layout that several builds share: what goes, what stays, and what nothing names any more. */
import { describe, expect, test } from 'vitest'
import { REF_NAME, mergedIndex, unusedBlobs } from '../../src/image/layout-index.ts'
import { sha256 } from '../support/tree/tar-writer.ts'

type Json = Readonly<Record<string, unknown>>

const bytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value))
const digest = (hex: string): string => `sha256:${hex}`
const blobs = new Map<string, Buffer>()
const read = (hex: string): Buffer | null => blobs.get(hex) ?? null

function stored(value: unknown): string {
  const hex = sha256(bytes(value))
  blobs.set(hex, bytes(value))
  return hex
}

/** A manifest with one layer of this content, and the hex digests of all that belongs to it. */
function image(content: string, more: Json = {}): { readonly hex: string; readonly all: readonly string[] } {
  const [config, layer] = [sha256(bytes(`${content} config`)), sha256(bytes(content))]
  const hex = stored({ config: { digest: digest(config) }, layers: [{ digest: digest(layer) }], ...more })
  return { hex, all: [hex, config, layer] }
}

const named = (hex: string, name: string): Json => ({ digest: digest(hex), annotations: { [REF_NAME]: name } })
const index = (...manifests: readonly unknown[]): Buffer => bytes({ schemaVersion: 2, manifests })
const digestsOf = (merged: Uint8Array): readonly unknown[] => {
  const document = JSON.parse(Buffer.from(merged).toString()) as { manifests: readonly Json[] }
  return document.manifests.map((item) => item['digest'])
}

describe('a new image in an index', () => {
  const [one, two, three] = [image('one'), image('two'), image('three')]

  test('takes the place of the one of its name, and of what was said about that one', () => {
    const materials = image('materials', { subject: { digest: digest(one.hex) } })
    const before = index(named(one.hex, '1'), { digest: digest(materials.hex) }, named(two.hex, '2'))
    expect(digestsOf(mergedIndex(before, index(named(three.hex, '1')), read))).toEqual([two.hex, three.hex].map(digest))
  })

  test('stands once, and beside those that bear no name or cannot be read', () => {
    const lost = { digest: digest('0'.repeat(64)) }
    const odd = { digest: 'md5:x', annotations: { [REF_NAME]: 5 } }
    const before = index(named(one.hex, '1'), named(three.hex, '3'), lost, odd, 'no record')
    expect(digestsOf(mergedIndex(before, index(named(three.hex, '3')), read))).toEqual([
      digest(one.hex),
      lost.digest,
      odd.digest,
      digest(three.hex),
    ])
  })

  test('is alone where nothing else is there', () => {
    for (const before of [index(named(one.hex, '1')), bytes([]), bytes({ manifests: 5 }), Buffer.from('{')]) {
      expect(digestsOf(mergedIndex(before, index(named(three.hex, '1')), read))).toEqual([digest(three.hex)])
    }
  })
})

describe('blobs that nothing names any more', () => {
  const [one, two] = [image('one'), image('two')]

  test('are those of images that went, also of an index by platforms', () => {
    const platforms = stored({ manifests: [{ digest: digest(one.hex) }, { digest: digest(two.hex) }] })
    const after = index(named(two.hex, '2'))
    expect(unusedBlobs(index(named(one.hex, '1'), named(two.hex, '2')), after, read)).toEqual([...one.all].sort())
    expect(unusedBlobs(index({ digest: digest(platforms) }), after, read)).toEqual([...one.all, platforms].sort())
  })

  test.each<[string, () => Buffer]>([
    ['a manifest that is absent', () => index(named(one.hex, '1'), { digest: digest('0'.repeat(64)) })],
    ['a digest of another kind', () => index(named(one.hex, '1'), { digest: 'sha512:x' })],
    ['no digest at all', () => index(named(one.hex, '1'), {})],
    ['a manifest without layers', () => index({ digest: digest(stored({ config: { digest: digest(one.hex) } })) })],
    ['a manifest without a configuration', () => index({ digest: digest(stored({ layers: [] })) })],
    [
      'a layer that is none',
      () => index({ digest: digest(stored({ config: { digest: digest(one.hex) }, layers: [{ digest: 5 }] })) }),
    ],
    ['a manifest that is no record', () => index({ digest: digest(stored([1])) })],
    [
      'indices within indices',
      () => {
        let hex = one.hex
        for (let i = 0; i < 6; i += 1) hex = stored({ manifests: [{ digest: digest(hex) }] })
        return index({ digest: digest(hex) })
      },
    ],
  ])('are none where something is not understood: %s', (_, odd) => {
    const plain = index(named(two.hex, '2'))
    expect([unusedBlobs(odd(), plain, read), unusedBlobs(index(named(one.hex, '1')), odd(), read)]).toEqual([[], []])
  })
})
