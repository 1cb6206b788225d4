/** Requirements that would close a circle, with those of the context and with those that are planned. */
import { expect, test } from 'vitest'
import type { Package } from '../../src/domain/context.ts'
import { Circles } from '../../src/repair/circles.ts'
import { openStudio } from '../support/studio.ts'

const { context } = openStudio({
  packages: { 'a-1': { requires: ['b'], files: {} }, 'b-1': { files: {} }, 'c-1': { files: {} } },
  host: null,
  base: {},
})
function named(wanted: string): Package {
  const found = context.packages.find(({ name }) => name === wanted)
  if (found === undefined) throw new Error(wanted)
  return found
}

const [a, b, c] = [named('a'), named('b'), named('c')] as const

test('what the context requires leads back, the shortest way', () => {
  const circles = new Circles(context)
  expect(circles.wayBack({ owner: b, provider: a })).toEqual(['a', 'b'])
  expect(circles.wayBack({ owner: a, provider: b })).toBeNull()
  circles.add({ owner: a, provider: c })
  circles.add({ owner: c, provider: b })
  expect(circles.wayBack({ owner: b, provider: a })).toEqual(['a', 'b'])
})

test('a requirement counts once it is planned, and not because it was asked about', () => {
  const circles = new Circles(context)
  expect(circles.wayBack({ owner: b, provider: c })).toBeNull()
  expect(circles.wayBack({ owner: c, provider: a })).toBeNull()
  circles.add({ owner: b, provider: c })
  expect(circles.wayBack({ owner: c, provider: a })).toEqual(['a', 'b', 'c'])
})
