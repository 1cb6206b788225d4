/** Runs an installed Rez to learn what environments it makes. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

/** A package as Rez resolved it. */
export interface RezPackage {
  readonly name: string
  readonly version: string
  readonly index: number | null
  readonly root: string
  readonly base: string
  readonly requires: readonly string[]
  readonly variantRequires: readonly string[]
}

/** Rez's answer for one context; `error` where it gives no environment. */
export interface RezAnswer {
  readonly packages?: readonly RezPackage[]
  readonly implicits?: readonly string[]
  readonly ephemerals?: readonly string[]
  readonly system?: { readonly platform: string; readonly arch: string; readonly os: string }
  readonly environment?: Readonly<Record<string, string>>
  readonly error?: string
}

/** A context to make. */
export interface Asked {
  readonly requests: readonly string[]
  /** Variables of the caller; null for one that it has not. */
  readonly parent: Readonly<Record<string, string | null>>
  /** Variables of the caller, or that it has none of this name (null), that Rez alone is told. */
  readonly untold?: Readonly<Record<string, string | null>>
}

/** All that Rez is told of the caller. */
export function toldRez({ parent, untold }: Asked): Asked['parent'] {
  return { ...parent, ...untold }
}

/** The Python that can import Rez, from AIRTIGHT_REZ_PYTHON; null where none is named. */
export function rezPython(): string | null {
  return process.env['AIRTIGHT_REZ_PYTHON'] ?? null
}

function withCaller(contexts: Readonly<Record<string, Asked>>): Record<string, Omit<Asked, 'untold'>> {
  const told = (asked: Asked): Asked => ({ requests: asked.requests, parent: toldRez(asked) })
  return Object.fromEntries(Object.entries(contexts).map(([name, asked]) => [name, told(asked)]))
}

/** Asks Rez for each context, given by name. Throws when Python fails. */
export function askRez(
  python: string,
  repositories: readonly string[],
  contexts: Readonly<Record<string, Asked>>,
): Readonly<Record<string, RezAnswer>> {
  const result = spawnSync(python, ['-W', 'ignore', join(import.meta.dirname, 'rez_side.py')], {
    input: JSON.stringify({ repositories, contexts: withCaller(contexts) }),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    // Rez reads its configuration and caches from the home folder.
    env: { PATH: '/usr/bin:/bin', HOME: '/nonexistent', REZ_DISABLE_HOME_CONFIG: '1' },
  })
  if (result.status !== 0) throw new Error(`${python} failed: ${result.stderr}`)
  const answers: unknown = JSON.parse(result.stdout)
  return answers as Readonly<Record<string, RezAnswer>>
}
