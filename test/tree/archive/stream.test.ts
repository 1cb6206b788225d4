/** Streams told by their first bytes, and whose fault it is when one breaks off. */
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { StreamError, compressionOf, unpacked } from '../../../src/tree/archive/stream.ts'
import type { Bytes } from '../../../src/tree/archive/stream.ts'

/** A zstd frame whose blocks are stored as they are (RFC 8878, 3.1.1). */
function zstdFrame(text: string): Buffer {
  const size = Buffer.alloc(3)
  size.writeUIntLE((text.length << 3) | 1, 0, 3)
  return Buffer.concat([Buffer.from('28b52ffd20', 'hex'), Buffer.from([text.length]), size, Buffer.from(text)])
}

/** A frame that decoders pass over (RFC 8878, 3.1.2). */
function skippable(magic: number, data: string): Buffer {
  const size = Buffer.alloc(4)
  size.writeUInt32LE(data.length)
  return Buffer.concat([Buffer.from([magic, 0x2a, 0x4d, 0x18]), size, Buffer.from(data)])
}

async function* pieces(bytes: Uint8Array, size: number, end?: Error): Bytes {
  for (let at = 0; at < bytes.length; at += size) {
    await Promise.resolve()
    yield bytes.subarray(at, at + size)
  }
  if (end !== undefined) throw end
}

async function text(bytes: Uint8Array, end?: Error): Promise<string> {
  const parts: Buffer[] = []
  // The first bytes come together, as from a file.
  for await (const part of unpacked(pieces(bytes, 64, end))) parts.push(Buffer.from(part))
  return Buffer.concat(parts).toString()
}

describe('what a stream holds', () => {
  test.each([
    ['gzip', gzipSync('held')],
    ['zstd', zstdFrame('held')],
    [
      'zstd behind a frame of its writer, as zstd:chunked has one',
      Buffer.concat([skippable(0x50, 'x'), zstdFrame('held')]),
    ],
    ['zstd behind the last kind of such frames', Buffer.concat([skippable(0x5f, ''), zstdFrame('held')])],
    ['none', Buffer.from('held')],
  ])('%s', async (kind, bytes) => {
    expect(compressionOf(bytes)).toBe(/^\w+/.exec(kind)?.[0])
    expect(await text(bytes)).toBe('held')
  })

  test.each([
    ['nothing', ''],
    ['the beginning of a magic number', '(\xb5/'],
    ['one byte of a frame that is passed over', 'P'],
    ['two of them', 'P*'],
    ['three of them', 'P*M'],
    ['a magic number that is none', 'P*M\x19'],
  ])('%s is what it is', async (_, bytes) => {
    expect(compressionOf(Buffer.from(bytes, 'latin1'))).toBe('none')
    expect(await text(Buffer.from(bytes, 'latin1'))).toBe(Buffer.from(bytes, 'latin1').toString())
  })
})

describe('a stream that breaks off', () => {
  const packed = [
    ['gzip', gzipSync(Buffer.from(Array.from({ length: 4000 }, (_, i) => (i * i * 31) >> 3)))],
    ['zstd', zstdFrame('x'.repeat(200))],
  ] as const

  test.each(packed)('because of its data says that the %s data is damaged', async (kind, bytes) => {
    const damaged = Buffer.from(bytes)
    damaged.fill(0xff, 4, 40)
    const failure = await text(damaged).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(StreamError)
    expect(String(failure)).toContain(`the ${kind} data is damaged`)
  })

  test.each(packed)('because it cannot be read says so, %s', async (_, bytes) => {
    const errors = [
      Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO', syscall: 'read' }),
      new StreamError('the gzip data around it is damaged'),
    ]
    for (const error of errors) {
      await expect(text(bytes.subarray(0, bytes.length - 20), error)).rejects.toBe(error)
    }
  })
})
