/** Tables of worlds for one rule: where it finds something, where it is silent, and the repair after which it is gone. */
import { describe, expect, it } from 'vitest'
import type { Finding } from '../../src/domain/audit.ts'
import type { NamedRepair } from '../../src/repair/environment.ts'
import { findRule } from '../../src/rules/registry.ts'
import { replan } from './replanned.ts'
import type { StudioSpec } from './studio.ts'
import { auditStudio, openStudio } from './studio.ts'

/** A studio in which the rule finds something. */
export interface FoundWorld {
  /** Completes "finds ...". */
  readonly name: string
  readonly studio: StudioSpec
  /** Everything that the rule finds there, sorted, each as `PACKAGE SUBJECT severity`. */
  readonly finds: readonly [string, ...string[]]
  /** Text that the messages must hold. */
  readonly says?: readonly string[]
  /** The same studio after the repair that the rule advises; several where the rule offers several. */
  readonly afterRepair?: StudioSpec | readonly [StudioSpec, ...StudioSpec[]]
}

/** A studio in which the rule must find nothing. */
export interface CleanWorld {
  /** Completes "is silent ...". */
  readonly name: string
  readonly studio: StudioSpec
}

export interface RuleWorlds {
  readonly found: readonly [FoundWorld, ...FoundWorld[]]
  readonly clean: readonly [CleanWorld, ...CleanWorld[]]
}

/**
 * Declares the tests of a rule. Refused are tables without a repair, a world that stands in the table twice, a repair
 * that leaves a finding of the rule, and one that makes a new error or warning.
 */
export function ruleWorlds(id: string, worlds: RuleWorlds): void {
  const rule = findRule(id)
  if (rule === null) throw new Error(`no rule is called ${id}`)
  describe(`${id} ${rule.name}`, () => {
    it('has worlds of its own, and a repair', () => {
      const specs = [...worlds.found, ...worlds.clean].map((world) => text(world.studio))
      expect(new Set(specs).size).toBe(specs.length)
      expect(worlds.found.some((world) => world.afterRepair !== undefined)).toBe(true)
    })
    it.each(worlds.found.map((world) => [world.name, world] as const))('finds %s', (_, world) => {
      const before = findingsIn(world.studio)
      const own = before.filter((finding) => finding.rule === id)
      expect(own.map(verdict).sort()).toEqual([...world.finds].sort())
      const messages = own.map((finding) => finding.message).join('\n')
      for (const part of world.says ?? []) expect(messages).toContain(part)
      expect(own.filter((finding) => finding.repairs.length === 0).map(verdict)).toEqual([])
      for (const studio of repaired(world)) expectRepaired(id, before, studio)
    })
    it.each(worlds.clean.map((world) => [world.name, world] as const))('is silent %s', (_, world) => {
      const own = findingsIn(world.studio).filter((finding) => finding.rule === id)
      expect(own.map(verdict)).toEqual([])
    })
  })
}

function findingsIn(studio: StudioSpec): readonly Finding[] {
  const { replanned } = studio
  return (replanned === undefined ? auditStudio(studio) : replan(studio, replanned).audit).findings
}

function repaired({ afterRepair }: FoundWorld): readonly StudioSpec[] {
  if (afterRepair === undefined) return []
  return 'packages' in afterRepair ? [afterRepair] : afterRepair
}

function expectRepaired(id: string, before: readonly Finding[], studio: StudioSpec): void {
  const after = findingsIn(studio)
  expect(after.filter((finding) => finding.rule === id).map(verdict)).toEqual([])
  const known = new Set(before.map(cause))
  const made = after.filter((finding) => finding.severity !== 'note' && !known.has(cause(finding)))
  expect(made.map((finding) => `${finding.rule} ${verdict(finding)}`)).toEqual([])
}

function cause(finding: Finding): string {
  return `${finding.rule} ${finding.package ?? ''} ${finding.subject}`
}

function verdict(finding: Finding): string {
  return `${finding.package ?? '-'} ${finding.subject} ${finding.severity}`
}

/** A studio as comparable text: bytes by their content, repairs by the files that they are. */
function text(studio: StudioSpec): string {
  return JSON.stringify({ ...studio, repairs: repairsOf(studio) }, (_, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value instanceof Map ? [...value] : value,
  )
}

function repairsOf(studio: StudioSpec): readonly NamedRepair[] | undefined {
  if (studio.repairs === undefined) return undefined
  const { context, host } = openStudio(studio)
  return studio.repairs(context, host)
}
