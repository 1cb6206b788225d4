/** Byte strings survive from a file to a report, and nothing in them drives a terminal. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeBytes, encodeBytes, isRaw, printable } from '../../src/domain/bytes.ts'

describe('byte strings', () => {
  it('give back the bytes they were made of, whatever these are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(Buffer.from(encodeBytes(decodeBytes(bytes))).equals(Buffer.from(bytes))).toBe(true)
      }),
    )
  })

  it('are ordinary text where the bytes are UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        fc.pre(!/[\ud800-\udfff]/u.test(text))
        const decoded = decodeBytes(Buffer.from(text, 'utf8'))
        expect(decoded).toBe(text)
        expect(isRaw(decoded)).toBe(false)
      }),
    )
  })

  it.each([
    ['a byte that is no text', [0x6c, 0xff, 0x2e], 'l\udcff.'],
    ['an overlong form', [0xc0, 0xaf], '\udcc0\udcaf'],
    ['an encoded surrogate', [0xed, 0xa0, 0x80], '\udced\udca0\udc80'],
    ['a sequence cut short', [0xe2, 0x82], '\udce2\udc82'],
  ])('keep %s as escapes', (_what, bytes, text) => {
    const decoded = decodeBytes(Uint8Array.from(bytes))
    expect(decoded).toBe(text)
    expect(isRaw(decoded)).toBe(true)
  })
})

describe('printable text', () => {
  it('holds no control character, no override of direction and no lone surrogate', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(printable(decodeBytes(bytes))).not.toMatch(
          /[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]/u,
        )
      }),
    )
  })

  it('names what it hides', () => {
    expect(printable('a\x1b[31mb\n')).toBe('a\\x1b[31mb\\x0a')
    expect(printable('l\udcff')).toBe('l\\xff')
    expect(printable('x\u202ey')).toBe('x\\u{202e}y')
    expect(printable('Größe 漢字')).toBe('Größe 漢字')
  })
})
