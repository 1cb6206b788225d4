/** Payload outside the repository: folders that policy names for a package, such as a vendor's installation. */
import { trimVersion } from '../version/version.ts'
import type { Parsed } from '../version/parse-error.ts'
import type { Version } from '../version/version.ts'

/** What a payload pattern may name. */
export interface PayloadValues {
  readonly name: string
  readonly version: Version
  readonly root: string
  readonly base: string
}

/** Patterns by package name: `maya: ["/usr/autodesk/maya{version.major}"]`. */
export type PayloadPolicy = ReadonlyMap<string, readonly string[]>

/**
 * The folder that a pattern stands for. Known are `{name}`, `{version}`, `{version.major}`, `{version.minor}`,
 * `{version.patch}`, `{version.2}` (the first two tokens), `{root}` and `{base}`.
 */
export function expandPayload(pattern: string, values: PayloadValues): Parsed<{ readonly folder: string }> {
  const unknown: string[] = []
  const folder = pattern.replace(/\{([^{}]*)\}/g, (whole, key: string) => {
    const value = payloadValue(key, values)
    if (value === null) unknown.push(whole)
    return value ?? whole
  })
  if (unknown.length > 0) {
    const keys = '{name}, {version}, {version.major}, {version.minor}, {version.patch}, {root} and {base}'
    return { error: `the payload "${pattern}" of ${values.name} names ${unknown.join(', ')}; known are ${keys}` }
  }
  if (!folder.startsWith('/')) {
    return { error: `the payload "${pattern}" of ${values.name} gives "${folder}"; an absolute folder was expected` }
  }
  return { folder: folder.length > 1 ? folder.replace(/\/+$/, '') : folder }
}

const TOKENS: ReadonlyMap<string, number> = new Map([
  ['major', 0],
  ['minor', 1],
  ['patch', 2],
])

/** Null for a key that is not known. A token that the version does not have is empty, as in Rez. */
function payloadValue(key: string, values: PayloadValues): string | null {
  if (key === 'name') return values.name
  if (key === 'root') return values.root
  if (key === 'base') return values.base
  if (key === 'version') return values.version.text
  if (!key.startsWith('version.')) return null
  const part = key.slice('version.'.length)
  const index = TOKENS.get(part)
  if (index !== undefined) return values.version.tokens[index]?.text ?? ''
  return /^[1-9]$/.test(part) ? trimVersion(values.version, Number(part)).text : null
}
