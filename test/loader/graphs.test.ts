/** Answers of real loaders (glibc 2.31, 2.36, 2.41 and 2.43) to random graphs, which Airtight must give as well. */
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { readStore, replay } from '../../tools/compare-loader/graphs/store.ts'

const STORE = fileURLToPath(new URL('../../tools/compare-loader/answers.gz', import.meta.url))
/** All of them are compared by tools/compare-loader/graphs/replay.ts. */
const EVERY = 7

test('stored answers of real loaders', () => {
  const { head, graphs } = readStore(STORE)
  const some = graphs.filter((_, index) => index % EVERY === 0)
  expect(some.length).toBeGreaterThan(200)
  expect(new Set(some.map((graph) => graph.release)).size).toBe(4)
  expect(some.flatMap((graph) => replay(head, graph))).toEqual([])
})
