/** A resolve for a recipe that stands alone: the package, and a package for each of its requirements. */
import type { Package } from '../../src/domain/context.ts'
import type { EnvironmentInput } from '../../src/rez/commands/environment.ts'
import type { Collection } from './collection.ts'
import { isPackageName } from '../../src/rez/version/name.ts'
import { isParseError } from '../../src/rez/version/parse-error.ts'
import { parsePackageRequest } from '../../src/rez/version/requirement.ts'
import type { Statement } from '../../src/rez/python/syntax.ts'
import type { Definition } from '../../src/rez/source/definition.ts'
import { textAttribute, textListsAttribute, textsAttribute } from '../../src/rez/source/definition.ts'

const EMPTY: Omit<Definition, 'file'> = {
  attributes: new Map(),
  functions: new Map(),
  scopes: new Map(),
  unknown: new Map(),
  unevaluated: [],
}

/**
 * The recipe as Rez would see it on Linux: its first variant, and before it what it requires: recipes of the collection
 * where it has them, else packages without commands at the version that is asked for.
 */
export function resolveOf(definition: Definition, collection: Collection): EnvironmentInput {
  const members = new Map<string, Member>()
  const own = add(members, definition, collection)
  return {
    packages: [...members.values()],
    requests: [own.name],
    system: { platform: 'linux', arch: 'x86_64', os: 'rocky-9' },
    implicits: ['~platform==linux', '~arch==x86_64', '~os==rocky-9'],
    ephemerals: [],
  }
}

/** The first variant that Rez could take on Linux, empty without variants; null where all are for other systems. */
export function linuxVariant(definition: Definition): readonly string[] | null {
  if ((textsAttribute(definition, 'requires') ?? []).some(isElsewhere)) return null
  const variants = textListsAttribute(definition, 'variants') ?? []
  return variants.length === 0 ? [] : (variants.find((variant) => !variant.some(isElsewhere)) ?? null)
}

function isElsewhere(text: string): boolean {
  return /^platform-(?!linux|\*)/.test(text)
}

type Member = EnvironmentInput['packages'][number]

/** Adds a recipe behind what it requires; a circle ends where it began. */
function add(members: Map<string, Member>, definition: Definition, collection: Collection): Package {
  const given = textAttribute(definition, 'name') ?? 'recipe'
  const name = isPackageName(given) ? given : 'recipe'
  const variant = linuxVariant(definition) ?? []
  const requires = [...(textsAttribute(definition, 'requires') ?? []), ...variant]
  const own = packageOf(name, textAttribute(definition, 'version') ?? '1.0.0', requires)
  const place = { package: own, definition }
  members.set(name, place)
  for (const text of requires) {
    const request = parsePackageRequest(text)
    if (isParseError(request) || request.conflict || request.ephemeral || members.has(request.name)) continue
    const recipe = collection.find(request)
    if (recipe !== null) {
      add(members, recipe.definition, collection)
      continue
    }
    const wanted = /[0-9][0-9A-Za-z_.]*/.exec(text.slice(request.name.length))?.[0] ?? '1.0.0'
    const file = `/repository/${request.name}/${wanted}/package.py`
    members.set(request.name, { package: packageOf(request.name, wanted, []), definition: { ...EMPTY, file } })
  }
  // Rez runs the commands of a package behind those of what it requires.
  members.delete(name)
  members.set(name, place)
  return own
}

function packageOf(name: string, version: string, requires: readonly string[]): Package {
  const base = `/repository/${name}/${version}`
  return {
    name,
    version,
    variant: null,
    variantRequires: [],
    requires,
    buildRequires: [],
    privateBuildRequires: [],
    tools: [],
    repository: '/repository',
    definition: `${base}/package.py`,
    base,
    root: base,
    payload: [base],
    excluded: [],
    unevaluated: [],
  }
}

const STATEMENTS: ReadonlySet<string> = new Set([
  'expression',
  'assign',
  'augmented',
  'if',
  'for',
  'while',
  'return',
  'pass',
  'break',
  'continue',
  'function',
  'import',
  'with',
  'try',
  'global',
  'delete',
  'raise',
  'assert',
  'unsupported',
])

/** Whether a node of the syntax tree is a statement; unknown constructs count as one. */
export function isStatement(node: object): node is Statement {
  return 'kind' in node && typeof node.kind === 'string' && STATEMENTS.has(node.kind)
}
