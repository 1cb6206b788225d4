/** Compares an environment that Airtight found with the one that Rez made. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parsePython } from '../../src/rez/python/parse.ts'
import type { Package } from '../../src/domain/context.ts'
import { environmentWithFiles } from '../../src/rez/commands/with-files.ts'
import type { EnvironmentInput, EnvironmentResult } from '../../src/rez/commands/environment.ts'
import { diskFiles } from '../../src/rez/repository/files.ts'
import { withIncluded } from '../../src/rez/repository/included-files.ts'
import type { Definition } from '../../src/rez/source/definition.ts'
import { readPackagePy } from '../../src/rez/source/package-py.ts'
import { readPackageYaml } from '../../src/rez/source/package-yaml.ts'
import type { Asked, RezAnswer, RezPackage } from './rez.ts'

/** How one context compares: `wrong` alone is a defect. */
export interface Comparison {
  /** `named`: it differs, and everything that differs is named as not evaluated. */
  readonly verdict: 'equal' | 'named' | 'wrong'
  readonly differences: readonly string[]
  readonly result: EnvironmentResult
}

/** Reads the definition in a package's folder. */
export async function definitionIn(folder: string): Promise<Definition> {
  const python = join(folder, 'package.py')
  const yaml = join(folder, 'package.yaml')
  const reading = existsSync(python)
    ? readPackagePy(readFileSync(python, 'utf8'), python, parsePython)
    : readPackageYaml(readFileSync(yaml, 'utf8'), yaml, parsePython)
  if (reading.definition === null) throw new Error(JSON.stringify(reading.faults))
  return withIncluded(reading.definition, folder, diskFiles)
}

/** Finds the environment of Rez's own resolve and holds it against Rez's. */
export async function compare(asked: Asked, answer: RezAnswer): Promise<Comparison> {
  const { requests, parent, untold = {} } = asked
  const { system, implicits = [], ephemerals = [] } = answer
  const packages = await Promise.all(
    (answer.packages ?? []).map(async (item) => ({
      package: packageOf(item),
      definition: await definitionIn(item.base),
    })),
  )
  const input: EnvironmentInput = {
    packages,
    requests,
    implicits,
    ephemerals,
    parent: new Map(Object.entries(parent)),
    ...(system === undefined ? {} : { system }),
  }
  const result = await environmentWithFiles(input, diskFiles)
  if (answer.environment === undefined) {
    const missing = Object.keys(untold).filter((name) => untold[name] === null)
    const told = missing.some((name) => result.notes.some((note) => saysNoEnvironment(note, name)))
    const mayEnd = result.notes.some((note) => note.includes('this may end the resolve'))
    const named = told || mayEnd || result.unevaluated.length > 0
    return { verdict: named ? 'named' : 'wrong', differences: [`Rez fails: ${answer.error ?? ''}`], result }
  }
  const differences = differ(rezVariables(answer.environment), result, untold)
  const named = differences.every(({ name }) => result.notes.some((note) => note.startsWith(`${name} may differ`)))
  const verdict = differences.length === 0 ? 'equal' : named ? 'named' : 'wrong'
  return { verdict, differences: differences.map(({ text }) => text), result }
}

/** Rez's variables without those of the context as a whole, and without the system's part of PATH. */
export function rezVariables(environment: Readonly<Record<string, string>>): Map<string, string> {
  const out = new Map<string, string>()
  for (const [name, value] of Object.entries(environment)) {
    if (/^REZ_(?:USED|EPH_)/.test(name)) continue
    const own = name === 'PATH' ? value.replace(/:?\/SYSTEM$/, '') : value
    if (name !== 'PATH' || own !== '') out.set(name, own)
  }
  return out
}

function saysNoEnvironment(note: string, name: string): boolean {
  return note.includes(`$${name} of the caller's shell, without which Rez makes no environment`)
}

/** Whether a value is Rez's where references to the caller's variables have its values; one to none is nothing, or stays. */
function isSame(theirs: string | undefined, own: string | undefined, untold: NonNullable<Asked['untold']>): boolean {
  if (theirs === own) return true
  if (theirs === undefined || own === undefined) return false
  const quoted = (text: string): string => text.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&')
  const pattern = own.split(/(\$\{\w+\})/).map((part) => {
    const name = /^\$\{(\w+)\}$/.exec(part)?.[1] ?? ''
    const value = untold[name]
    if (value === undefined) return quoted(part)
    return value === null ? `(?:${quoted(part)})?` : quoted(value)
  })
  return new RegExp(`^${pattern.join('')}$`, 's').test(theirs)
}

function differ(
  theirs: ReadonlyMap<string, string>,
  result: EnvironmentResult,
  untold: NonNullable<Asked['untold']>,
): { name: string; text: string }[] {
  const ours = new Map(
    result.environment.variables.map((item) => [
      item.name,
      item.entries.map((entry) => entry.value).join(item.separator),
    ]),
  )
  const names = [...new Set([...theirs.keys(), ...ours.keys()])].sort()
  return names
    .filter((name) => !isSame(theirs.get(name), ours.get(name), untold))
    .map((name) => ({ name, text: `${name}: rez ${String(theirs.get(name))} | airtight ${String(ours.get(name))}` }))
}

function packageOf(item: RezPackage): Package {
  return {
    name: item.name,
    version: item.version,
    variant: item.index,
    variantRequires: item.variantRequires,
    requires: item.requires,
    buildRequires: [],
    privateBuildRequires: [],
    tools: [],
    repository: '',
    definition: join(item.base, 'package.py'),
    base: item.base,
    root: item.root,
    payload: [item.root],
    excluded: [],
    unevaluated: [],
  }
}
