/** What answered a need when the object was linked: the packages of build.rxt, and how the owner asked for them. */
import type { BuildPackage, ContextAudit } from '../../domain/audit.ts'
import type { Package } from '../../domain/context.ts'
import { packageId } from '../../domain/context.ts'
import { failed } from '../../domain/tree.ts'
import { requiredNames } from './requirements.ts'

/** Where the package that was there at build time came from. */
export type BuildRelation = 'requires' | 'build_requires' | 'private_build_requires' | 'brought along'

/** A package that was there when another one was built. */
export interface BuiltWith {
  /** `NAME-VERSION`. */
  readonly id: string
  readonly name: string
  readonly relation: BuildRelation
  /** The file that bears the soname; null where the package is known by its name alone. */
  readonly path: string | null
}

/** The package of a name that was there when `owner` was built; null without build.rxt, and where it was not there. */
export function builtWithPackage(audit: ContextAudit, owner: Package, name: string): BuiltWith | null {
  const found = audit.built(owner)?.packages.find((item) => item.name === name)
  return found === undefined ? null : builtWith(owner, found, null)
}

/** The package whose public copy bore a soname when `owner` was built; null where none is known. */
export function builtWithLibrary(audit: ContextAudit, owner: Package, soname: string): BuiltWith | null {
  for (const item of audit.built(owner)?.packages ?? []) {
    if (item.name === owner.name || item.root === null) continue
    for (const folder of ['lib', 'lib64']) {
      const path = `${item.root}/${folder}/${soname}`
      const found = audit.machine.lookup(path)
      if (!failed(found) && found.kind === 'file') return builtWith(owner, item, path)
    }
  }
  return null
}

function builtWith(owner: Package, item: BuildPackage, path: string | null): BuiltWith {
  return { id: packageId(item), name: item.name, relation: relationOf(owner, item.name), path }
}

function relationOf(owner: Package, name: string): BuildRelation {
  if (requiredNames(owner.requires).has(name)) return 'requires'
  if (requiredNames(owner.buildRequires).has(name)) return 'build_requires'
  return requiredNames(owner.privateBuildRequires).has(name) ? 'private_build_requires' : 'brought along'
}

const WORDS: Readonly<Record<BuildRelation, string>> = {
  requires: 'a requirement',
  build_requires: 'a build requirement',
  private_build_requires: 'a private build requirement',
  'brought along': 'brought along by another package',
}

/** `tiff-4.0.3, a private build requirement`. */
export function builtWithText(built: BuiltWith): string {
  return `${built.id}, ${WORDS[built.relation]}`
}

/** A sentence about a library for the end of a message, with a space before it; empty where nothing is known. */
export function buildTimeSentence(built: BuiltWith | null, soname: string): string {
  return built === null ? '' : ` At build time ${soname} came from ${builtWithText(built)}.`
}

/** As evidence of a finding. */
export function buildTimeEvidence(built: BuiltWith | null): Readonly<Record<string, unknown>> {
  return built === null ? {} : { built_with: { package: built.id, relation: built.relation, file: built.path } }
}
