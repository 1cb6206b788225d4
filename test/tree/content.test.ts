/** Contents in memory: a file of which only some stretches are here never shows bytes that it does not have. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { blankContent, bytesContent, sparseContent, zeroFilledContent } from '../../src/tree/content.ts'

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)

describe('some stretches of a file', () => {
  const content = sparseContent(100, [
    { offset: 10, bytes: bytes(1, 2, 3) },
    { offset: 13, bytes: bytes(4) },
    { offset: 0, bytes: bytes(9, 9) },
    { offset: 12, bytes: bytes(3, 4, 5) },
  ])

  test('stretches that touch or overlap answer as one', () => expect([...content.read(11, 50)]).toEqual([2, 3, 4, 5]))
  test('a read ends where the stretch ends', () => expect([...content.read(0, 50)]).toEqual([9, 9]))
  test('a hole holds nothing', () => {
    expect(content.read(5, 10)).toHaveLength(0)
    expect(content.read(15, 10)).toHaveLength(0)
    expect(content.read(99, 10)).toHaveLength(0)
  })
  test('the size is that of the whole file', () => expect(content.size).toBe(100))

  test('any stretches of any file: what is read is what the file holds', () => {
    const stretches = fc.array(fc.tuple(fc.nat(300), fc.nat(60)), { maxLength: 8 })
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 300 }),
        stretches,
        fc.nat(320),
        fc.nat(80),
        (whole, at, from, length) => {
          const kept = new Set(at.flatMap(([start, count]) => Array.from({ length: count }, (_, i) => start + i)))
          const parts = at.map(([start, count]) => ({ offset: start, bytes: whole.subarray(start, start + count) }))
          const got = sparseContent(whole.length, parts).read(from, length)
          let wanted = 0
          while (wanted < length && from + wanted < whole.length && kept.has(from + wanted)) wanted += 1
          expect([...got]).toEqual([...whole.subarray(from, from + wanted)])
        },
      ),
    )
  })
})

test('a whole file', () => {
  const content = bytesContent(bytes(1, 2, 3))
  expect([...content.read(1, 9)]).toEqual([2, 3])
  expect(content.read(9, 9)).toHaveLength(0)
})

test('a file that is no ELF file: its beginning, then zeros', () => {
  const content = blankContent(6, bytes(35, 33))
  expect([...content.read(0, 10)]).toEqual([35, 33, 0, 0, 0, 0])
  expect([...content.read(1, 2)]).toEqual([33, 0])
  expect(content.read(6, 2)).toHaveLength(0)
})

test('a file that is searched for texts: zeros between its stretches', () => {
  const content = zeroFilledContent(12, [
    { offset: 8, bytes: bytes(3, 4, 5, 6, 7, 8) },
    { offset: 1, bytes: bytes(1, 2) },
    { offset: 5, bytes: bytes() },
  ])
  expect([...content.read(0, 20)]).toEqual([0, 1, 2, 0, 0, 0, 0, 0, 3, 4, 5, 6])
  expect([...content.read(2, 2)]).toEqual([2, 0])
  expect(content.read(12, 4)).toHaveLength(0)
})
