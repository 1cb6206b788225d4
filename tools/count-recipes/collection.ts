/** The recipes of one folder by package name, so that a recipe can be resolved with those that it requires. */
import { readFileSync } from 'node:fs'
import { parsePython } from '../../src/rez/python/parse.ts'
import type { Definition } from '../../src/rez/source/definition.ts'
import { textAttribute } from '../../src/rez/source/definition.ts'
import { readPackagePy } from '../../src/rez/source/package-py.ts'
import { readPackageYaml } from '../../src/rez/source/package-yaml.ts'
import { isParseError } from '../../src/rez/version/parse-error.ts'
import type { Requirement } from '../../src/rez/version/requirement.ts'
import type { Version } from '../../src/rez/version/version.ts'
import { compareVersions, EMPTY, parseVersion } from '../../src/rez/version/version.ts'

/** A recipe that could be read. */
export interface Recipe {
  readonly definition: Definition
  readonly version: Version
}

export interface Collection {
  /** The newest recipe that meets a requirement, null where the folder has none. */
  find(requirement: Requirement): Recipe | null
}

/** Reads every file once. */
export function collectionOf(files: readonly string[]): Collection {
  const recipes = new Map<string, Recipe[]>()
  for (const file of files) {
    const text = readFileSync(file, 'utf8')
    const { definition } = file.endsWith('.yaml')
      ? readPackageYaml(text, file, parsePython)
      : readPackagePy(text, file, parsePython)
    const name = definition === null ? null : textAttribute(definition, 'name')
    if (definition === null || name === null) continue
    const version = parseVersion(textAttribute(definition, 'version') ?? '')
    recipes.set(name, [...(recipes.get(name) ?? []), { definition, version: isParseError(version) ? EMPTY : version }])
  }
  for (const list of recipes.values()) list.sort((a, b) => compareVersions(b.version, a.version))
  return {
    find: ({ name, range }) =>
      recipes.get(name)?.find(({ version }) => range === null || range.contains(version)) ?? null,
  }
}
