/** Plans beside earlier ones, and tools that belong into images of their own. */
import { describe, expect, test } from 'vitest'
import type { ImagePlan } from '../../src/image/layers/plan.ts'
import { comparePlans, parsePlan } from '../../src/image/layers/plan.ts'
import { splitTools } from '../../src/image/layers/split.ts'
import { imagePlanText } from '../../src/report/image-plan.ts'

function plan(layers: Readonly<Record<string, readonly string[]>>, configuration = 'c'): ImagePlan {
  return {
    schema: 'airtight/image-plan/v1',
    contexts: [{ name: 'lighting', packages: Object.values(layers).flat() }],
    base: 'rocky-9',
    size: 10 * Object.keys(layers).length,
    configuration,
    layers: Object.entries(layers).map(([fingerprint, ids]) => ({
      class: 'packages' as const,
      title: ids[0] ?? fingerprint,
      size: 10,
      files: 1,
      packages: ids.map((id) => ({ id, size: 5 })),
      fingerprint,
    })),
  }
}

describe('an earlier image', () => {
  test('that holds the same serves', () => {
    expect(comparePlans(plan({ a: ['x-1'] }), plan({ a: ['x-1'] }))).toMatchObject({ needed: false, fresh: [] })
  })

  test('says which layers differ, what they weigh, and which packages moved', () => {
    const before = plan({ a: ['x-1'], b: ['y-1', 'gone-3'] })
    const change = comparePlans(before, plan({ a: ['x-1'], c: ['y-2', 'new-1'] }))
    expect(change).toEqual({
      needed: true,
      fresh: [1],
      size: 10,
      configuration: false,
      packages: [
        { name: 'gone', from: 'gone-3', to: null },
        { name: 'new', from: null, to: 'new-1' },
        { name: 'y', from: 'y-1', to: 'y-2' },
      ],
    })
  })

  test('other labels, another order or a layer less need a new image', () => {
    expect(comparePlans(plan({ a: [] }), plan({ a: [] }, 'd'))).toMatchObject({ needed: true, configuration: true })
    expect(comparePlans(plan({ a: [], b: [] }), plan({ b: [], a: [] })).needed).toBe(true)
    expect(comparePlans(plan({ a: [], b: [] }), plan({ a: [] }))).toMatchObject({ needed: true, fresh: [] })
  })

  test('is shown to a person', () => {
    const change = comparePlans(plan({ a: ['y-1'] }), plan({ b: ['y-2'] }))
    const text = imagePlanText({ plan: plan({ b: ['y-2'] }), change, split: { groups: [], shared: 0 } }, false)
    expect(text).toContain('A new image is needed: 1 of 1 layers differ, 10 B')
    expect(text).toContain('packages: y 1 becomes 2')
  })
})

test('a plan survives its JSON; other JSON is none', () => {
  const one = plan({ a: ['x-1'] })
  expect(parsePlan(JSON.stringify(one))).toEqual(one)
  expect(parsePlan('{"schema":"airtight/audit/v1"}')).toBeNull()
  expect(parsePlan('no json')).toBeNull()
})

describe('tools', () => {
  const tool = (name: string, ...packages: readonly (readonly [string, number])[]) => ({
    name,
    packages: new Map(packages),
  })

  test('that share a quarter of the smaller one stay together', () => {
    const { groups } = splitTools([tool('a', ['qt', 100], ['a', 100]), tool('b', ['qt', 100], ['b', 300])])
    expect(groups).toEqual([{ tools: ['a', 'b'], size: 500 }])
  })

  test('that share less go apart, the larger group first', () => {
    const split = splitTools([
      tool('blender', ['python', 10], ['blender', 500]),
      tool('krita', ['python', 10], ['qt', 900]),
      tool('krita-tool', ['qt', 900]),
    ])
    expect(split.groups.map(({ tools }) => tools)).toEqual([['krita', 'krita-tool'], ['blender']])
    expect(split.shared).toBe(10)
  })

  test('of no size at all are no reason for images', () => {
    expect(splitTools([tool('a'), tool('b')]).groups).toHaveLength(1)
  })
})
