/** Reads the Rez configuration that the user names, and puts values in place of what its texts refer to. */
import { resolve } from 'node:path'
import type { Fault } from '../domain/fault.ts'
import { faultAt } from '../domain/fault.ts'
import { diskFiles } from '../rez/repository/files.ts'
import type { RezSettings } from '../rez/configuration/settings.ts'
import { DEFAULT_SETTINGS, mapped } from '../rez/configuration/settings.ts'
import type { ContextQuestion } from './audit-options.ts'
import type { RezMachine } from './implicit.ts'

/** The settings in force, or why there are none. */
export async function loadRezSettings(
  options: ContextQuestion,
): Promise<RezSettings | { readonly failures: readonly Fault[] }> {
  if (options.rezConfig.length === 0) return DEFAULT_SETTINGS
  // Who has no configuration does not load its reader.
  const [{ readConfiguration }, { readSettings }] = await Promise.all([
    import('../rez/configuration/files.ts'),
    import('../rez/configuration/settings.ts'),
  ])
  const paths = options.rezConfig.map((path) => resolve(options.folder, path))
  const configuration = await readConfiguration(paths, diskFiles)
  if ('faults' in configuration) return { failures: configuration.faults }
  const settings = readSettings(configuration)
  if (!('error' in settings)) return settings
  return { failures: [faultAt('malformed', paths.join(', '), null, settings.error)] }
}

/** The machine as the configuration calls it. */
export function mappedMachine(machine: RezMachine, { platformMap }: RezSettings): RezMachine {
  return { ...machine, arch: mapped(machine.arch, platformMap.arch), os: mapped(machine.os, platformMap.os) }
}

/** What texts of a configuration may refer to. */
export interface References {
  readonly variables: ContextQuestion['variables']
  readonly machine: RezMachine | null
}

/**
 * The text with variables, the home folder and `{system.platform}` replaced (`expand_system_vars` of `config.py`); null
 * where it refers to something that is not known.
 */
export function expanded(text: string, { variables, machine }: References): string | null {
  const unknown: string[] = []
  const value = (found: string | undefined): string => {
    if (found === undefined) unknown.push(text)
    return found ?? ''
  }
  const out = text
    .replace(/\$(\w+)|\$\{(\w+)\}/g, (_, bare: string | undefined, braced: string | undefined) =>
      value(variables[bare ?? braced ?? '']),
    )
    .replace(/^~(?=\/|$)/, () => value(variables['HOME']))
    .replace(/\{system\.(\w+)\}/g, (_, name: string) => value(machine === null ? undefined : fact(machine, name)))
  return unknown.length === 0 ? out : null
}

function fact(machine: RezMachine, name: string): string | undefined {
  return name === 'platform' || name === 'arch' || name === 'os' ? machine[name] : undefined
}
