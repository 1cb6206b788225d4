/** The index of an OCI layout that holds several images: one is put in, and what only its forerunner named is found. */
import { Buffer } from 'node:buffer'

export const REF_NAME = 'org.opencontainers.image.ref.name'
const HEX = /^sha256:([0-9a-f]{64})$/
const MAX_DEPTH = 4

type Json = Readonly<Record<string, unknown>>
/** Gives a blob by the hex of its digest; null where it is absent or too large. */
type Read = (digest: string) => Uint8Array | null

/** `before` with the images of `added`; those that bear the same name go, and what was said about them. */
export function mergedIndex(before: Uint8Array, added: Uint8Array, read: Read): Uint8Array {
  const news = manifestsOf(parse(added))
  const names = new Set(news.map(nameOf).filter((name) => name !== null))
  const digests = new Set(news.map(({ digest }) => digest))
  const olds = manifestsOf(parse(before))
  const gone = new Set(olds.filter((item) => names.has(nameOf(item) ?? '')).map(({ digest }) => digest))
  const kept = olds.filter((item) => !gone.has(item['digest']) && !digests.has(item['digest']))
  const others = kept.filter((item) => !gone.has(subjectOf(item, read)))
  if (others.length === 0) return added
  return Buffer.from(JSON.stringify({ ...parse(added), manifests: [...others, ...news] }))
}

/**
 * Blobs that `before` leads to and `after` does not, as hex. None where something in either cannot be read: what is not
 * understood must not be taken away.
 */
export function unusedBlobs(before: Uint8Array, after: Uint8Array, read: Read): readonly string[] {
  const olds = new Set<string>()
  const news = new Set<string>()
  if (!reach(manifestsOf(parse(before)), read, olds, 0) || !reach(manifestsOf(parse(after)), read, news, 0)) return []
  return [...olds].filter((digest) => !news.has(digest)).sort()
}

/** Collects what descriptors lead to; false where a document cannot be read. */
function reach(descriptors: readonly Json[], read: Read, found: Set<string>, depth: number): boolean {
  return descriptors.every((descriptor) => {
    const digest = hexOf(descriptor['digest'])
    if (digest === null || depth > MAX_DEPTH) return false
    const bytes = read(digest)
    if (bytes === null) return false
    found.add(digest)
    const document = parse(bytes)
    if (Array.isArray(document['manifests'])) return reach(manifestsOf(document), read, found, depth + 1)
    const layers: unknown = document['layers']
    const parts: readonly unknown[] = [document['config'], ...(Array.isArray(layers) ? (layers as unknown[]) : [null])]
    return parts.every((part) => {
      const inner = isRecord(part) ? hexOf(part['digest']) : null
      if (inner !== null) found.add(inner)
      return inner !== null
    })
  })
}

/** The image that a manifest speaks of, as a list of materials does (image-spec, manifest.md, `subject`). */
function subjectOf(descriptor: Json, read: Read): unknown {
  const digest = hexOf(descriptor['digest'])
  const bytes = digest === null ? null : read(digest)
  const subject = bytes === null ? null : parse(bytes)['subject']
  return isRecord(subject) ? subject['digest'] : null
}

function nameOf(descriptor: Json): string | null {
  const annotations = descriptor['annotations']
  const name = isRecord(annotations) ? annotations[REF_NAME] : null
  return typeof name === 'string' ? name : null
}

function manifestsOf(document: Json): readonly Json[] {
  const list: unknown = document['manifests']
  return Array.isArray(list) ? (list as readonly unknown[]).filter(isRecord) : []
}

function hexOf(digest: unknown): string | null {
  return typeof digest === 'string' ? (HEX.exec(digest)?.[1] ?? null) : null
}

function parse(bytes: Uint8Array): Json {
  try {
    const value = JSON.parse(Buffer.from(bytes).toString('utf8')) as unknown
    return isRecord(value) ? value : {}
  } catch {
    return {}
  }
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
