/** Makes the packages of a context from definitions: payload roots, effective requires, what was not evaluated. */
import { expandPayload } from './payload.ts'
import { faultAt, faultAtLine } from '../../domain/fault.ts'
import { flagAttribute, textsAttribute } from '../source/definition.ts'
import { isParseError } from '../version/parse-error.ts'
import { withIncluded } from './included-files.ts'
import { nestedVariants, variantRoot } from './variant-root.ts'
import { packageId } from '../../domain/context.ts'
import { requiresOf, variantsOf } from './requires.ts'
import { withLateAttributes } from '../commands/late.ts'
import type { Definition } from '../source/definition.ts'
import type { Fault } from '../../domain/fault.ts'
import type { Package } from '../../domain/context.ts'
import type { LateBindings } from '../commands/late.ts'
import type { PackageEntry } from './repository.ts'
import type { PackageFiles } from './files.ts'
import type { PayloadPolicy } from './payload.ts'
import type { Requirement } from '../version/requirement.ts'
import type { Variant } from './requires.ts'

/** A package whose definition is read, with all its variants. */
export interface LoadedPackage {
  readonly entry: PackageEntry
  readonly definition: Definition
  /** At least one. */
  readonly variants: readonly Variant[]
  /** `requires`, read. */
  readonly requires: readonly Requirement[]
}

/** One variant of a loaded package: a member of a context. */
export interface LoadedVariant {
  readonly loaded: LoadedPackage
  readonly variant: Variant
  /** Effective requires, read: `requires`, then the variant's. */
  readonly requirements: readonly Requirement[]
}

/** A member of a context with its definition. */
export interface ContextMember {
  readonly package: Package
  readonly definition: Definition
}

/** Of a resolve of which nothing is known. */
const NO_BINDINGS: LateBindings = { requests: [], implicits: null, system: null }

/** Packages that are the same in every resolve. */
const LOADED = new WeakMap<PackageEntry, LoadedPackage>()

/**
 * Reads a package; faults where it has no definition or one that Rez would refuse. Late functions are evaluated for the
 * resolve that `bindings` describe.
 */
export async function loadPackage(
  entry: PackageEntry,
  bindings: LateBindings = NO_BINDINGS,
): Promise<LoadedPackage | { readonly faults: readonly Fault[] }> {
  const known = LOADED.get(entry)
  if (known !== undefined) return known
  const { definition: read, faults } = await entry.definition()
  if (read === null) return { faults }
  // Commands run once a package is chosen; late functions run before.
  const late = [...read.functions.values()].some(({ kind, includes }) => kind === 'late' && includes.length > 0)
  const written = late ? await entry.withIncluded(read) : read
  const item = { ...identity(entry), base: entry.folder ?? '' }
  const definition = withLateAttributes(written, item, bindings)
  const { variants, faults: wrongVariants } = variantsOf(definition)
  const requires = requiresOf(definition, 'requires')
  const all = [...faults, ...wrongVariants, ...requires.faults]
  if (all.length > 0) return { faults: all }
  const loaded = { entry, definition, variants, requires: requires.requirements }
  // Late functions are evaluated for one resolve, and only then is the definition another one.
  if (definition === read) LOADED.set(entry, loaded)
  return loaded
}

/** Picks a variant by its index, null for a package without variants. */
export function pickVariant(loaded: LoadedPackage, index: number | null): LoadedVariant | Fault {
  const variant =
    index === null
      ? { index: null, requires: { texts: [], requirements: [], faults: [] } }
      : loaded.variants.find((candidate) => candidate.index === index)
  if (variant !== undefined) {
    return { loaded, variant, requirements: [...loaded.requires, ...variant.requires.requirements] }
  }
  const count = loaded.variants.filter((candidate) => candidate.index !== null).length
  const has = count === 0 ? 'it has no variants' : `its variants are 0 to ${count - 1}`
  return faultAtLine(
    'malformed',
    loaded.definition.file,
    loaded.definition.attributes.get('variants')?.line ?? null,
    `variant ${index} of ${packageId(identity(loaded.entry))} was asked for, but ${has}`,
  )
}

/** Rez's default `variant_shortlinks_dirname`. */
const SHORTLINKS = '_v'

/** The package of a context, with roots as Rez computes them and the payload that policy adds. */
export async function contextMember(
  member: LoadedVariant,
  policy: PayloadPolicy,
  files: PackageFiles,
  shortlinks: string | null = SHORTLINKS,
): Promise<ContextMember | { readonly faults: readonly Fault[] }> {
  const { loaded, variant } = member
  const { entry, definition } = loaded
  const hashed = flagAttribute(definition, 'hashed_variants') === true
  if (!hashed && variant.index !== null && variant.requires.texts.length === 0) {
    const message = `variant ${variant.index} is empty: Rez has no folder for it unless hashed_variants is True`
    return { faults: [faultAtLine('malformed', definition.file, null, message)] }
  }
  const base = entry.folder ?? ''
  const root = entry.folder === null ? '' : await variantRoot(base, variant, hashed, files, shortlinks)
  const extra = (policy.get(entry.name) ?? []).map((pattern) =>
    expandPayload(pattern, { name: entry.name, version: entry.version, root, base }),
  )
  const faults = extra.filter(isParseError).map(({ error }) => faultAt('malformed', 'policy', null, error))
  if (faults.length > 0) return { faults }
  const folders = extra.flatMap((folder) => (isParseError(folder) ? [] : [folder.folder]))
  return {
    package: {
      ...identity(entry),
      variant: variant.index,
      variantRequires: variant.requires.texts,
      requires: [...(textsAttribute(definition, 'requires') ?? []), ...variant.requires.texts],
      buildRequires: textsAttribute(definition, 'build_requires') ?? [],
      privateBuildRequires: textsAttribute(definition, 'private_build_requires') ?? [],
      tools: textsAttribute(definition, 'tools') ?? [],
      ...pluginFor(definition),
      repository: entry.repository,
      definition: definition.file,
      base,
      root,
      payload: [...new Set([...(root === '' ? [] : [root]), ...folders])],
      excluded: nestedVariants(base, variant, loaded.variants, hashed),
      unevaluated: definition.unevaluated,
      lines: linesOf(definition),
    },
    definition: await withIncluded(definition, base, files),
  }
}

/** Attributes that a finding may point at. */
const POINTED_AT = [
  ...['name', 'version', 'requires', 'variants', 'tools', 'pre_commands', 'commands', 'post_commands'],
  // What Rez leaves out of an installed package (package_build_only_keys): it tells a package that was not built.
  ...['build_command', 'build_system', 'requires_rez_version', 'preprocess', 'pre_build_commands'],
]

function linesOf(definition: Definition): Readonly<Record<string, number>> {
  const lines = POINTED_AT.map((name) => {
    const { attributes, functions, unknown } = definition
    return [name, (attributes.get(name) ?? functions.get(name) ?? unknown.get(name))?.line] as const
  })
  return Object.fromEntries(lines.filter((pair): pair is [string, number] => pair[1] !== undefined))
}

/** `plugin_for` (Rez, packages.py `plugin_for`): the packages that load this one's plugins. */
function pluginFor(definition: Definition): { readonly pluginFor?: readonly string[] } {
  const names = textsAttribute(definition, 'plugin_for') ?? []
  return names.length === 0 ? {} : { pluginFor: names }
}

function identity(entry: PackageEntry): { readonly name: string; readonly version: string } {
  return { name: entry.name, version: entry.version.text }
}
