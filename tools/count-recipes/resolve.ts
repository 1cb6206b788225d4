/** A resolve for a recipe that stands alone: the package, and a package for each of its requirements. */
import type { Package } from '../../src/domain/context.ts'
import type { EnvironmentInput } from '../../src/rez/commands/environment.ts'
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

/** The recipe as Rez would see it on Linux: its first variant, required packages at the version they are asked for. */
export function resolveOf(definition: Definition): EnvironmentInput {
  const name = textAttribute(definition, 'name') ?? 'recipe'
  const version = textAttribute(definition, 'version') ?? '1.0.0'
  const variant = textListsAttribute(definition, 'variants')?.[0] ?? []
  const requires = [...(textsAttribute(definition, 'requires') ?? []), ...variant]
  const required = requires.flatMap((text): readonly [string, string][] => {
    const request = parsePackageRequest(text)
    if (isParseError(request) || request.conflict || request.ephemeral || request.name === name) return []
    const wanted = /[0-9][0-9A-Za-z_.]*/.exec(text.slice(request.name.length))?.[0]
    return [[request.name, wanted ?? '1.0.0']]
  })
  const members = [...new Map(required).entries()].map(([one, wanted]) => ({
    package: packageOf(one, wanted, []),
    definition: { ...EMPTY, file: `/repository/${one}/${wanted}/package.py` },
  }))
  const own = packageOf(isPackageName(name) ? name : 'recipe', version, requires)
  return {
    packages: [...members, { package: own, definition }],
    requests: [own.name],
    system: { platform: 'linux', arch: 'x86_64', os: 'rocky-9' },
    implicits: ['~platform==linux', '~arch==x86_64', '~os==rocky-9'],
    ephemerals: [],
  }
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
