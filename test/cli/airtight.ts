/** Starts the built binary as a user does, on the samples. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

export const REPOSITORY: string = resolve(import.meta.dirname, '../..')
export const DIST: string = join(REPOSITORY, 'dist')

if (!existsSync(join(DIST, 'main.js'))) throw new Error('dist/ is not built: run npm run build')

export interface Run {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly input?: string
  readonly env?: Readonly<Record<string, string>>
  readonly folder?: string
}

/** Runs `airtight` with these arguments; stdout and stderr are pipes. */
export function airtight(args: readonly string[], options: RunOptions = {}): Run {
  const { status, stdout, stderr, error } = spawnSync(
    process.execPath,
    [join(REPOSITORY, 'bin/airtight.js'), ...args],
    {
      cwd: options.folder ?? REPOSITORY,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] ?? '', ...options.env },
      input: options.input ?? '',
      maxBuffer: 256 * 1024 * 1024,
    },
  )
  if (error !== undefined) throw error
  return { status, stdout, stderr }
}

/** A folder that is gone after `use`. */
export function inFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'airtight-cli-'))
  try {
    return use(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The arguments that audit a sample. */
export function sample(studio: string, context: string): readonly string[] {
  const folder = `samples/${studio}`
  return [`${folder}/contexts/${context}.rxt`, '--host', `${folder}/host`, '--base', `${folder}/base.yaml`]
}

export const ROUGH_LAYOUT: readonly string[] = sample('rough_layout', 'rough_layout')
