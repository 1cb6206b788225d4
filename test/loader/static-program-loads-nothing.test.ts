/** E11: a static program has no needs and no interpreter, and that is no error. */
import { expect, test } from 'vitest'
import { DF_1_PIE, closure } from '../support/loader/world.ts'

test('both kinds', () => {
  for (const spec of [{ type: 'exec', dynamic: false }, { flags1: DF_1_PIE }] as const) {
    const { trace: loaded, fatal } = closure({ '/prog': spec }, '/prog')
    expect([loaded, fatal]).toEqual([[], null])
  }
})
