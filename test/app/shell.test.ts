/** Words for a shell mean, to a real shell, what they were made from. */
import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import fc from 'fast-check'
import { assignment, shellWord } from '../../src/app/shell.ts'
import { encodeBytes } from '../../src/domain/bytes.ts'

/** What the shell makes of a word. */
function echoed(word: string, shell = 'sh'): Buffer {
  return spawnSync(shell, ['-c', `printf %s ${word}`]).stdout
}

describe('a word', () => {
  test.each([
    ['/usr/lib/x86_64-linux-gnu/libz.so.1', '/usr/lib/x86_64-linux-gnu/libz.so.1'],
    ['two words', "'two words'"],
    ["it's", "'it'\\''s'"],
    ['$HOME `id` *', "'$HOME `id` *'"],
    ['', "''"],
    ['\x1b[31m', "$'\\x1b[31m'"],
    ['lib\udcff.so', "$'lib\\xff.so'"],
  ])('%j', (text, word) => {
    expect(shellWord(text)).toBe(word)
  })

  test('is what it was for any printable text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...Array.from(' !"#$%&\'()*;<>?[\\]^`{|}~aé/')), maxLength: 12 }),
        (text) => {
          expect(echoed(shellWord(text)).toString()).toBe(text)
        },
      ),
      { numRuns: 60 },
    )
  })

  const bash = spawnSync('bash', ['-c', 'true']).status === 0
  if (!bash) console.warn('SKIPPED: words with control characters need bash')
  test.skipIf(!bash)('is what it was for any bytes, in bash', () => {
    fc.assert(
      fc.property(fc.uint8Array({ min: 1, minLength: 1, maxLength: 12 }), (bytes) => {
        const text = Buffer.from(bytes)
          .toString('latin1')
          .replace(/[\x80-\xff]/g, (byte) => String.fromCharCode(0xdc00 + byte.charCodeAt(0)))
        expect([...echoed(shellWord(text), 'bash')]).toEqual([...encodeBytes(text)])
      }),
      { numRuns: 60 },
    )
  })
})

test('an assignment may be empty', () => {
  expect(assignment('LD_LIBRARY_PATH', '')).toBe("LD_LIBRARY_PATH=''")
  expect(assignment('LD_LIBRARY_PATH', '/a:/b c')).toBe("LD_LIBRARY_PATH='/a:/b c'")
})
