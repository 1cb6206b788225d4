/** Reads the files of a Rez configuration, yaml or py; a py file is read, never run (`_load_config_from_filepaths`). */
import { faultAt } from '../../domain/fault.ts'
import { isFault } from '../repository/files.ts'
import { isPlain, plainOf, updated } from './plain.ts'
import { APPEND, PREPEND } from './plain.ts'
import { readPackagePy } from '../source/package-py.ts'
import { yamlData } from '../source/yaml-data.ts'
import { withParser } from '../python/with-parser.ts'
import type { Parse } from '../python/plain.ts'
import type { Fault } from '../../domain/fault.ts'
import type { PackageFiles } from '../repository/files.ts'
import type { Plain } from './plain.ts'

const LIMIT = 4 * 1024 * 1024

/** Settings that bear on a resolve or an environment and are set to something unknown. */
export interface Unread {
  readonly file: string
  readonly line: number
  readonly name: string
  readonly reason: string
}

export interface Configuration {
  readonly settings: Plain
  readonly unread: readonly Unread[]
}

/** What Rez's own module gives to a configuration, written in Python; one line, so that lines are told by one less. */
const PRELUDE = `def ModifyList(append=None, prepend=None): return {'${APPEND}': append or [], '${PREPEND}': prepend or []}\n`

/** The settings of all files together, later ones winning; faults where one cannot be used. */
export async function readConfiguration(
  paths: readonly string[],
  files: PackageFiles,
): Promise<Configuration | { readonly faults: readonly Fault[] }> {
  let settings: Plain = {}
  const unread: Unread[] = []
  const faults: Fault[] = []
  for (const path of paths) {
    const text = await files.text(path, LIMIT)
    const read = isFault(text)
      ? { faults: [text] }
      : path.endsWith('.py')
        ? await withParser((parse) => readPy(text, path, parse))
        : readYaml(text, path)
    if ('faults' in read) faults.push(...read.faults)
    else {
      settings = updated(settings, read.settings)
      unread.push(...read.unread)
    }
  }
  return faults.length > 0 ? { faults } : { settings, unread }
}

function readPy(text: string, file: string, parse: Parse): Configuration | { readonly faults: readonly Fault[] } {
  const { definition, faults } = readPackagePy(PRELUDE + text, file, parse)
  if (definition === null)
    return { faults: faults.map((fault) => ({ ...fault, line: fault.line === null ? null : fault.line - 1 })) }
  const settings: Record<string, unknown> = {}
  for (const { name, value } of definition.attributes.values()) settings[name] = plainOf(value)
  return {
    settings,
    unread: [...definition.unknown].map(([name, { line, reason }]) => ({ file, line: line - 1, name, reason })),
  }
}

function readYaml(text: string, file: string): Configuration | { readonly faults: readonly Fault[] } {
  const read = yamlData(text, file)
  if (isFault(read)) return { faults: [read] }
  const settings = read.data ?? {}
  if (isPlain(settings)) return { settings, unread: [] }
  return { faults: [faultAt('malformed', file, null, 'is no configuration of Rez: a mapping was expected')] }
}
