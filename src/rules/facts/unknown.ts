/** What it means that a base does not show something: a tree that was read whole lacks it, a profile may not know. */
import type { RepairHint, WorldName } from '../../domain/audit.ts'
import type { SonameFact, System } from '../../domain/system.ts'
import type { Facts } from './facts.ts'

/** Whether a world's system is known by facts alone: then only its core libraries are there, and no other file. */
export function isProfile(facts: Facts, world: WorldName): boolean {
  return facts.audit.worlds[world]?.world.system.tells !== undefined
}

/** A soname that the base is not known to lack. */
export interface UnknownInBase {
  readonly base: string
  readonly fact: SonameFact | null
}

/** What is known of a soname that no search finds in the base; null where the base lacks it for sure. */
export function unknownInBase(facts: Facts, soname: string): UnknownInBase | null {
  const system = facts.audit.worlds.base?.world.system
  if (system === undefined || system.absence(soname) === 'lacks') return null
  return { base: system.label, fact: system.tells?.(soname) ?? null }
}

/** A sentence for what is not known, with what points one way or the other. */
export function unknownSentence({ base, fact }: UnknownInBase, soname: string): string {
  const unsure = `It is not known to be in ${base}: capture an image to be sure.`
  if (fact === null) return unsure
  const hint = fact.grade === 'sourced' ? '' : ` (${fact.grade})`
  if (fact.package !== null) return `${unsure} The OS package ${packageText(fact)} has it${hint}.`
  const now = fact.now === null ? '' : `; ${fact.now} takes its place`
  return `${unsure} ${soname} may be gone there${now}${hint}.`
}

/** The OS package of a fact, with the repository where it is not one of the base's own. */
function packageText({ package: name, repository }: SonameFact): string {
  return repository === null ? (name ?? '') : `${name ?? ''} (${repository})`
}

/** Installing the OS package that is known to have a soname. */
export function packageRepairs({ base, fact }: UnknownInBase): readonly RepairHint[] {
  if (fact?.package == null) return []
  const unsure = fact.grade === 'sourced' ? '' : ` (${fact.grade}: see that it has ${fact.soname})`
  return [{ kind: 'os-package', target: fact.package, text: `Install ${packageText(fact)} in ${base}${unsure}.` }]
}

/** What a message says of a system that is known to lack a soname, beyond that. */
export function goneSentence(system: System | undefined, soname: string): string {
  const fact: SonameFact | null = system?.tells?.(soname) ?? null
  if (fact?.gone !== true) return ''
  return ` It is gone there${fact.now === null ? '' : `, ${fact.now} takes its place`}.`
}

/** The fact behind a verdict of a profile, as evidence; nothing where there is none. */
export function knownFact(system: System | undefined, soname: string): { readonly known?: SonameFact } {
  const known = system?.tells?.(soname) ?? null
  return known === null ? {} : { known }
}
