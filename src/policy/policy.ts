/** The policy of a studio as far as this version reads it, and what holds where none is given. */
import type { Severity } from '../domain/audit.ts'

/** Programs that open plugins of certain paths. */
export interface PluginPolicy {
  readonly name: string
  /** Globs over paths relative to a payload root. */
  readonly match: readonly string[]
  /** File name of the program that opens them. */
  readonly host: string
}

export interface Policy {
  /** The file it was read from, null for the built-in one. */
  readonly file: string | null
  readonly host: string | null
  readonly base: string | null
  readonly repos: readonly string[]
  readonly privateDirs: readonly string[]
  readonly ignorePaths: readonly string[]
  readonly plugins: readonly PluginPolicy[]
  /** By rule id or name. */
  readonly severities: ReadonlyMap<string, Severity>
  /** Payload folders by package name; `{version}`, `{version.major}` ... are filled in. */
  readonly payloads: ReadonlyMap<string, readonly string[]>
}

/** Folders whose libraries nobody but their own package is meant to load. */
export const DEFAULT_PRIVATE_DIRS: readonly string[] = [
  '.libs',
  '*.libs',
  'lib/private',
  'site-packages',
  'dist-packages',
]

/** What holds without airtight.yaml. */
export const defaultPolicy: Policy = {
  file: null,
  host: null,
  base: null,
  repos: [],
  privateDirs: DEFAULT_PRIVATE_DIRS,
  ignorePaths: [],
  plugins: [],
  severities: new Map(),
  payloads: new Map(),
}
