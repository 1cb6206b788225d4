/** ENV005: another legal order of the context's packages changes which copy of a library wins. */
import type { Package } from '../domain/context.ts'
import { packageId } from '../domain/context.ts'
import type { OpenOrder } from './facts/orders.ts'
import { findOpenOrders } from './facts/orders.ts'
import type { Draft, Rule } from './rule.ts'
import { defineRule } from './rule.ts'
import { some } from './words.ts'

export const orderSensitive: Rule = defineRule({
  id: 'ENV005',
  name: 'order-sensitive',
  severity: 'warn',
  summary: 'Another legal order of the packages changes which copy of a library wins.',
  why: 'Between packages that do not require each other the order of the requests decides. Somebody asks for the same packages in another order and runs other software.',
  remedy: 'Let one of the two require the other, so that the order is fixed, or keep one copy of the library.',
  accept: 'Where the copies are known to be alike: `rules: {ENV005: note}` in airtight.yaml.',
  judge: (facts) => {
    const world = facts.worlds.at(-1)
    if (world === undefined) return []
    const { audit, copies, requirements, libraryPath } = facts
    return findOpenOrders({ audit, copies, requirements, world, libraryPath }).map(draft)
  },
})

const SHOWN = 40

function draft(order: OpenOrder): Draft {
  const winner = packageId(order.winner)
  const other = packageId(order.other)
  const names = [...new Set(order.flips.map((flip) => flip.name))].sort()
  const consumers = [...new Set(order.flips.map((flip) => packageId(flip.object.owner)))].sort()
  return {
    package: null,
    subject: pairName(order.winner, order.other),
    world: order.world,
    message:
      `${winner} stands before ${other}, and its ${some(names)} ${names.length === 1 ? 'wins' : 'win'}. Neither order is fixed by a requirement: ` +
      `with ${other} first, ${some(consumers)} would load the copies of ${other}.`,
    objects: [...new Set(order.flips.map((flip) => flip.object.relative))].sort().slice(0, SHOWN),
    evidence: {
      orders: [
        [winner, other],
        [other, winner],
      ],
      sonames: names,
      consumers,
      flips: order.flips.slice(0, SHOWN).map(({ object, name, now, then }) => ({
        package: packageId(object.owner),
        object: object.relative,
        name,
        now,
        then,
      })),
    },
    repairs: [
      {
        kind: 'advice',
        target: `${other} ${order.winner.name}`,
        text: `Add '${order.winner.name}' to requires of ${other}, which fixes the order of today, or keep one copy of ${some(names)}.`,
      },
    ],
  }
}

/** Sorted, so that the finding stays the same when the order changes. */
function pairName(a: Package, b: Package): string {
  return [a.name, b.name].sort().join(' ')
}
