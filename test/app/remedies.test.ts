/** Which remedies are planned, and in which order: what the command line and the policy say together. */
import { describe, expect, it } from 'vitest'
import { graftTexts, remediesOf } from '../../src/app/remedies.ts'
import { planStudio } from '../support/repairing.ts'
import type { StudioSpec } from '../support/studio.ts'
import { inSystem, lib, program } from '../support/studio.ts'

const silent = { repairOrder: [], repairNever: [] } as const
const unasked = { preference: null, never: [] } as const

describe('the order', () => {
  it('is that of the command line, else of the policy, else OS packages first', () => {
    const policy = { ...silent, repairOrder: ['rpath' as const, 'graft' as const] }
    expect(remediesOf(silent, unasked).preference).toEqual(['os_packages', 'grafts'])
    expect(remediesOf(policy, unasked).preference).toEqual(['grafts', 'os_packages'])
    expect(remediesOf(policy, { ...unasked, preference: ['os_packages'] }).preference).toEqual(['os_packages'])
  })

  it('holds nothing that policy or command line forbids', () => {
    const policy = { ...silent, repairNever: ['graft' as const, 'exclude' as const] }
    const remedies = remediesOf(policy, { preference: ['grafts', 'os_packages'], never: ['rpath'] })
    expect(remedies.preference).toEqual(['os_packages'])
    expect([...remedies.never].sort()).toEqual(['grafts', 'remove_files', 'rpath'])
  })
})

describe('where copies come from', () => {
  it('is told by the command line, else by the policy, else it is the host', () => {
    const policy = { graftFrom: ['host', 'old=/roots/old'] }
    expect(graftTexts({ graftFrom: [] }, { graftFrom: [] })).toEqual(['host'])
    expect(graftTexts(policy, { graftFrom: [] })).toEqual(policy.graftFrom)
    expect(graftTexts(policy, { graftFrom: ['/roots/new'] })).toEqual(['/roots/new'])
  })
})

describe('what is forbidden', () => {
  const leak: StudioSpec = {
    packages: { 'paint-1': { files: { 'bin/paint': program('libz.so.1') } } },
    host: { [inSystem('libz.so.1')]: lib('libz.so.1') },
    base: {},
  }
  const link: StudioSpec = {
    packages: {
      'paint-1': { files: { 'bin/paint': program('libink.so.1'), 'lib/libink.so.1.2': lib('libink.so.1') } },
    },
    host: {},
    base: {},
  }

  it('is planned where nobody forbids it', () => {
    expect(Object.keys(planStudio(leak).entries)).toContain('grafts libz.so.1')
    expect(Object.keys(planStudio(link).entries)).toEqual(['paint symlinks {paint}/lib/libink.so.1'])
  })

  it('is left with a reason that says how it was forbidden', () => {
    const reasons = (spec: StudioSpec, never: 'grafts' | 'symlinks') => {
      const preference = never === 'grafts' ? { preference: ['os_packages' as const] } : {}
      const { plan, entries } = planStudio(spec, { never: [never], ...preference })
      expect(entries).toEqual({})
      return plan.withheld.map(({ finding, reason }) => `${finding.rule}: ${reason}`)
    }
    expect(reasons(link, 'symlinks')).toEqual([
      'RES008: symlinks of repair files are not to be planned (--never, or repair.never of the policy)',
    ])
    expect(reasons(leak, 'grafts')).toEqual([
      'HST002: no index of OS packages is given; ' +
        'grafts of repair files are not to be planned (--never, or repair.never of the policy)',
    ])
  })
})
