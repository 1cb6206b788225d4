/** D1, D2: $ORIGIN, $LIB and $PLATFORM, with and without braces, several in one text; a token ends with the identifier. */
import { expect, test } from 'vitest'
import { trace, program } from '../support/loader/world.ts'

test('in run paths', () => {
  const paths: readonly (readonly [string, string])[] = [
    ['$ORIGIN/../lib', '/app/bin/../lib'],
    ['${ORIGIN}/../lib', '/app/bin/../lib'],
    ['/app/$LIB', '/app/lib/x86_64-linux-gnu'],
    ['$ORIGIN/../${LIB}', '/app/bin/../lib/x86_64-linux-gnu'],
    ['/app/$PLATFORM', '/app/x86_64'],
  ]
  for (const [runpath, folder] of paths) {
    const files = {
      '/app/bin/prog': program({ needs: ['liba.so'], runpath }),
      '/app/lib/liba.so': {},
      '/app/lib/x86_64-linux-gnu/liba.so': {},
      '/app/x86_64/liba.so': {},
    }
    expect(trace(files, '/app/bin/prog')).toEqual([`liba.so => ${folder}/liba.so`])
  }
})

test('what looks like one and is none stays as it is', () => {
  const files = {
    '/app/prog': program({ needs: ['liba.so'], runpath: '$ORIGINAL:/x/$LIBX:/x/$UNKNOWN' }),
    '/x/$UNKNOWN/liba.so': {},
    '/appAL/liba.so': {},
  }
  expect(trace(files, '/app/prog')).toEqual(['liba.so => /x/$UNKNOWN/liba.so'])
})
