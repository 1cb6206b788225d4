/** Links on a terminal: no file name ends the sequence that holds it. */
import fc from 'fast-check'
import { hostname } from 'node:os'
import { expect, test } from 'vitest'
import { fileLink } from '../../src/cli/colour.ts'
import { decodeBytes } from '../../src/domain/bytes.ts'

test('a link carries the host and the path, each odd byte percent-coded', () => {
  const url = `file://${hostname()}/studio/a%20b/%C3%A9%1B%5C/%FF`
  const path = decodeBytes(Buffer.from('/studio/a b/\u00e9\x1b\\/\u00ff', 'latin1'))
  expect(fileLink('text', `/studio/a b/\u00e9\x1b\\/${decodeBytes(Uint8Array.of(0xff))}`)).toBe(
    `\x1b]8;;${url}\x1b\\text\x1b]8;;\x1b\\`,
  )
  expect(fileLink('', path)).toContain('/%E9%1B%5C/%FF')
})

test('any path: one link, and its bytes come back', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const link = fileLink('x', `/${decodeBytes(bytes)}`)
      const [, url = ''] = /^\x1b\]8;;file:\/\/([^\x1b]*)\x1b\\x\x1b\]8;;\x1b\\$/.exec(link) ?? []
      const coded = url.slice(hostname().length + 1)
      const parts = coded.match(/%[0-9A-F]{2}|[^%]/g) ?? []
      const back = parts.map((part) => (part.length === 3 ? Number.parseInt(part.slice(1), 16) : part.charCodeAt(0)))
      expect(back).toEqual([...bytes])
    }),
  )
})
