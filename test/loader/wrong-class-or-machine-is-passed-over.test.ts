/** C1, C2: a file of another class or machine is passed over. */
import { expect, test } from 'vitest'
import { closure, trace, program } from '../support/loader/world.ts'

test('the next folder answers', () => {
  for (const decoy of [{ class: 32 }, { machine: 183 }, { class: 32, order: 'big', machine: 8 }] as const) {
    const files = {
      '/prog': program({ needs: ['liba.so'], runpath: '/one:/two' }),
      '/one/liba.so': decoy,
      '/two/liba.so': {},
    }
    expect(trace(files, '/prog')).toEqual(['liba.so => /two/liba.so'])
  }
})

test('alone it is an error of its own', () => {
  const files = { '/prog': program({ needs: ['liba.so'], runpath: '/one' }), '/one/liba.so': { class: 32 } } as const
  expect(closure(files, '/prog').start).toBe('liba.so: wrong ELF class: ELFCLASS32')
})
