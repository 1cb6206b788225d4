/** G6: the first candidate that can be opened is final, loadable or not. */
import { expect, test } from 'vitest'
import { muslProgram as program, muslTrace as trace } from '../support/loader/musl.ts'

test('a text, an empty file, a folder', () => {
  for (const decoy of ['INPUT ( libb.so )', '', null]) {
    const files = {
      '/prog': program({ needs: ['liba.so'], runpath: '/one:/two' }),
      '/one/liba.so': decoy,
      '/two/liba.so': {},
    }
    expect(trace(files, '/prog')).toEqual(['liba.so => -'])
  }
})
