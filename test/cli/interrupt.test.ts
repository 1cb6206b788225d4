/** What signals make of work that can put away what it began. */
import { expect, it } from 'vitest'
import { ENDING, interrupted, interruptedCode } from '../../src/cli/interrupt.ts'

it('tells the work, and the exit code names the signal as shells do', async () => {
  const before = ENDING.map((name) => process.listenerCount(name))
  const codes = ENDING.map((name) =>
    interrupted((signal) => {
      process.emit(name, name)
      // As timeout(1) does: to the command, then to its group.
      process.emit(name, name)
      return Promise.resolve([signal.aborted, interruptedCode(signal)])
    }),
  )
  expect(await Promise.all(codes)).toEqual([
    [true, 130],
    [true, 143],
    [true, 129],
  ])
  expect(ENDING.map((name) => process.listenerCount(name))).toEqual(before)
})
