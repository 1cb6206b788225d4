/** A variable of the context over that of an image, as the shell of the start script has it. */
import { expect, test } from 'vitest'
import type { Environment } from '../../src/domain/context.ts'
import { cpuOfLevel } from '../../src/system/cpu.ts'
import { startValue, variablesOf } from '../../src/system/inherited.ts'
import { openSystem } from '../../src/system/open.ts'
import { makeTree } from '../support/system/folder.ts'

const context = (...values: readonly string[]): Environment => ({
  aliases: [],
  variables:
    values.length === 0
      ? []
      : [{ name: 'LD_PRELOAD', separator: ':', entries: values.map((value) => ({ value, package: null })) }],
})

test.each([
  [['a.so', 'b.so'], ['LD_PRELOAD=i.so'], 'a.so:b.so'],
  [[], ['LD_PRELOAD=i.so'], 'i.so'],
  [['a.so'], [], 'a.so'],
  [[], [], null],
  [['a.so', '$LD_PRELOAD'], ['LD_PRELOAD=i$&.so'], 'a.so:i$&.so'],
  [['${LD_PRELOAD}:a.so', '$LD_PRELOADED'], ['LD_PRELOAD=i.so'], 'i.so:a.so:$LD_PRELOADED'],
  [['$LD_PRELOAD'], ['OTHER=x'], '$LD_PRELOAD'],
  [['$LD_PRELOAD'], ['LD_PRELOAD=first', 'LD_PRELOAD='], ''],
])('%j over %j', (values, lines, value) => {
  const system = openSystem(makeTree({}), { cpu: cpuOfLevel(1), environment: variablesOf(lines) })
  expect(startValue(context(...values), system, 'LD_PRELOAD')).toBe(value)
})

test('a system that is no image sets nothing', () => {
  const system = openSystem(makeTree({}), { cpu: cpuOfLevel(1) })
  expect([startValue(context('a.so'), system, 'LD_PRELOAD'), startValue(context(), system, 'LD_PRELOAD')]).toEqual([
    'a.so',
    null,
  ])
})
