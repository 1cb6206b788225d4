/** The graph of a context: providers, chains, circles, waves. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ContextGraph } from '../../src/graph/context-graph.ts'

const NODES = ['a', 'b', 'c', 'd', 'e', 'f']
const pairs = fc.array(fc.record({ from: fc.constantFrom(...NODES), to: fc.constantFrom(...NODES) }))

const graph = (text: string): ContextGraph => {
  const edges = text.split(' ').map((edge) => {
    const [from = '', to = ''] = edge.split('>')
    return { from, to }
  })
  return new ContextGraph([], edges)
}

describe('neighbours', () => {
  it('are sorted, and empty for a node nobody knows', () => {
    const g = graph('a>c a>b d>b')
    expect(g.providers('a')).toEqual(['b', 'c'])
    expect(g.users('b')).toEqual(['a', 'd'])
    expect(g.providers('x')).toEqual([])
  })
})

describe('chains', () => {
  it('are the shortest from any source', () => {
    const chain = graph('a>b b>c c>d e>d').chainsFrom(['a', 'e'])
    expect(chain('d')).toEqual(['e', 'd'])
    expect(chain('c')).toEqual(['a', 'b', 'c'])
    expect(chain('a')).toEqual(['a'])
  })

  it('are null for what no source leads to', () => {
    expect(graph('a>b').chainsFrom(['b', 'nobody'])('a')).toBeNull()
  })

  it('do not depend on the order of edges', () => {
    fc.assert(
      fc.property(pairs, (edges) => {
        const one = new ContextGraph(NODES, edges).chainsFrom(['a'])
        const two = new ContextGraph([...NODES].reverse(), [...edges].reverse()).chainsFrom(['a'])
        for (const node of NODES) expect(one(node)).toEqual(two(node))
      }),
    )
  })
})

describe('circles', () => {
  it('are groups that need each other, and nodes that need themselves', () => {
    expect(graph('a>b b>c c>b d>d a>d').circles()).toEqual([['b', 'c'], ['d']])
    expect(graph('a>b b>c').circles()).toEqual([])
  })
})

describe('waves', () => {
  it('put each node after all it needs', () => {
    expect(graph('app>oiio oiio>exr exr>imath app>imath').waves()).toEqual([['imath'], ['exr'], ['oiio'], ['app']])
    expect(graph('a>c b>c').waves()).toEqual([['c'], ['a', 'b']])
  })

  it('keep a circle together, and hold every node once', () => {
    expect(graph('a>b b>c c>b c>d').waves()).toEqual([['d'], ['b', 'c'], ['a']])
    fc.assert(
      fc.property(pairs, (edges) => {
        expect([...new ContextGraph(NODES, edges).waves()].flat().sort()).toEqual(NODES)
      }),
    )
  })
})

it('takes names that are special to JavaScript', () => {
  const g = graph('__proto__>constructor constructor>toString')
  expect(g.chainsFrom(['__proto__'])('toString')).toEqual(['__proto__', 'constructor', 'toString'])
})
