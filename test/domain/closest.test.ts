/** The name that a person may have meant. */
import { expect, it } from 'vitest'
import { closest } from '../../src/domain/closest.ts'

it.each([
  ['privatedirs', ['repos', 'private_dirs'], 'private_dirs'],
  ['Drivers', ['drivers', 'name'], 'drivers'],
  ['adit', ['audit', 'why'], 'audit'],
])('%s is near', (word, names, near) => {
  expect(closest(word, names)).toBe(near)
})

it('says nothing where no name is near', () => {
  expect(closest('colour', ['repos', 'host'])).toBeNull()
  expect(closest('something', [])).toBeNull()
})
