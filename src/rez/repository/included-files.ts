/** Reads the modules that the functions of a definition include. */
import { isFault } from './files.ts'
import { DEFINITION_LIMIT } from './definition-file.ts'
import { INCLUDE_FOLDER, readModule } from '../source/source-module.ts'
import { withParser } from '../python/with-parser.ts'
import type { Definition } from '../source/definition.ts'
import type { SourceModule } from '../source/source-module.ts'
import type { PackageFiles } from './files.ts'

/**
 * The definition with its modules, which lie below `base`; itself where it includes none, as most, or has them already.
 * `sources` is where they are that no copy was made of, before a package is installed (`package_definition_python_path`).
 */
export async function withIncluded(
  definition: Definition,
  base: string,
  files: PackageFiles,
  sources: string | null = null,
): Promise<Definition> {
  const names = new Set([...definition.functions.values()].flatMap((code) => code.includes))
  if (names.size === 0 || base === '' || definition.modules !== undefined) return definition
  const modules = new Map<string, SourceModule>()
  for (const name of [...names].sort()) {
    const source = sources === null || !/^\w+$/.test(name) ? null : `${sources}/${name}.py`
    const file = (await includedFile(`${base}/${INCLUDE_FOLDER}`, name, files)) ?? source
    if (file === null) continue
    const text = await files.text(file, DEFINITION_LIMIT)
    if (isFault(text)) modules.set(name, { file, reason: `${file} ${text.message}` })
    else modules.set(name, await withParser((parse) => readModule(text, file, parse)))
  }
  return { ...definition, modules }
}

/** `NAME.py` with its hash beside it, or what old versions of Rez wrote: `NAME-HASH.py`. */
async function includedFile(folder: string, name: string, files: PackageFiles): Promise<string | null> {
  const entries = await files.list(folder)
  if (isFault(entries)) return null
  const names = entries.map((entry) => entry.name)
  if (names.includes(`${name}.py`) && names.includes(`${name}.sha1`)) return `${folder}/${name}.py`
  const old = names.find((entry) => entry.startsWith(`${name}-`) && entry.endsWith('.py'))
  return old === undefined ? null : `${folder}/${old}`
}
