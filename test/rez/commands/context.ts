/** Contexts written as text: packages with their package.py, in the order of the resolve. */
import { parsePython } from '../../../src/rez/python/parse.ts'
import type { Package } from '../../../src/domain/context.ts'
import { environmentOf } from '../../../src/rez/commands/environment.ts'
import type { EnvironmentInput, EnvironmentResult } from '../../../src/rez/commands/environment.ts'
import { readPackagePy } from '../../../src/rez/source/package-py.ts'

/** A package of the given name at version 1.2.3 (or as in `name-version`) below /repo. */
export function packageOf(id: string): Package {
  const [name = '', ...rest] = id.split('-')
  const version = rest.length === 0 ? '1.2.3' : rest.join('-')
  const base = `/repo/${name}/${version}`
  return {
    name,
    version: version === 'none' ? '' : version,
    variant: null,
    variantRequires: [],
    requires: [],
    buildRequires: [],
    privateBuildRequires: [],
    tools: [],
    repository: '/repo',
    definition: `${base}/package.py`,
    base,
    root: base,
    payload: [base],
    excluded: [],
    unevaluated: [],
  }
}

/** The environment of packages given as `id: text of package.py`. */
export function context(
  packages: Readonly<Record<string, string>>,
  more: Partial<EnvironmentInput> = {},
): EnvironmentResult {
  return environmentOf({
    packages: Object.entries(packages).map(([id, text]) => {
      const item = packageOf(id)
      const { definition, faults } = readPackagePy(text, item.definition, parsePython)
      if (definition === null) throw new Error(JSON.stringify(faults))
      return { package: item, definition }
    }),
    requests: Object.keys(packages).map((id) => id.split('-')[0] ?? ''),
    system: { platform: 'linux', arch: 'x86_64', os: 'Rocky-9' },
    implicits: ['~platform==linux'],
    ...more,
  })
}

/** The environment of one package `foo` with these lines of commands. */
export function commands(body: string, more: Partial<EnvironmentInput> = {}, head = ''): EnvironmentResult {
  const lines = body.split('\n').map((line) => `    ${line}`)
  return context({ foo: `${head}\ndef commands():\n${lines.join('\n')}\n` }, more)
}

/** The variables by name, without those that Rez sets for each package. */
export function values(result: EnvironmentResult): Record<string, string> {
  const own = result.environment.variables.filter((item) => !item.name.startsWith('REZ_'))
  return Object.fromEntries(
    own.map((item) => [item.name, item.entries.map((entry) => entry.value).join(item.separator)]),
  )
}
