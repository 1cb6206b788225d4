/** SUP003: a suppression lacks what policy demands of one. */
import { policyOf } from '../support/policy.ts'
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioSpec } from '../support/studio.ts'

const studio = (entry: string, require = ''): StudioSpec => ({
  packages: {},
  policy: policyOf(`${require}\nsuppress: [{rule: RES001, where: {package: p}${entry}}]`),
  today: '2026-01-01',
})
const all = 'require: {suppression: [reason, owner, ticket, expires]}'
const month = 'require: {max_age_days: 30}'

ruleWorlds('SUP003', {
  found: [
    {
      name: 'one without a reason, where policy says nothing',
      studio: studio(''),
      finds: ['- RES001 p warn'],
      says: ['package p has no reason.'],
      afterRepair: [studio(', reason: r'), studio('', 'require: {suppression: []}')],
    },
    {
      name: 'one whose reason is empty',
      studio: studio(', reason: " "'),
      finds: ['- RES001 p warn'],
      says: ['package p has no reason.'],
    },
    {
      name: 'all that is missing of what policy demands',
      studio: studio(', reason: r', all),
      finds: ['- RES001 p warn'],
      says: ['package p has no owner, no ticket, no expires.'],
      afterRepair: studio(', reason: r, owner: td, ticket: T-1, expires: 2026-06-30', all),
    },
    {
      name: 'a last day that lies too far away',
      studio: studio(', reason: r, expires: 2026-02-01', month),
      finds: ['- RES001 p warn'],
      says: ['package p ends on 2026-02-01, more than 30 days from now.'],
      afterRepair: studio(', reason: r, expires: 2026-01-30', month),
    },
  ],
  clean: [
    { name: 'about one with a reason', studio: studio(', reason: r') },
    { name: 'where policy demands nothing', studio: studio('', 'require: {suppression: []}') },
    { name: 'about the last day that is allowed', studio: studio(', reason: r, expires: 2026-01-31', month) },
  ],
})
