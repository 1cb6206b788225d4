/** Runs the script of an environment in real shells, and compares what they then export with Rez's variables. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EnvironmentResult } from '../../src/rez/commands/environment.ts'
import type { Asked } from './rez.ts'
import { shellScript } from '../../src/runtime/script.ts'

export const SHELLS: readonly string[] = ['dash', 'bash']

/** What shells export on their own. */
const OWN = new Set(['PWD', 'OLDPWD', 'SHLVL', '_'])

/** What differs, one line each; references that Rez leaves are given the value that they are written as. */
export function compareShells(
  result: EnvironmentResult,
  theirs: ReadonlyMap<string, string>,
  parent: Asked['parent'],
): readonly string[] {
  const { environment, actions } = result
  const context = {
    name: 'case',
    requests: [],
    packages: [],
    environment,
    actions,
    unevaluated: [],
    faults: [],
    notes: [],
  }
  const { text } = shellScript(context, { relocations: [], systemPath: null })
  const folder = mkdtempSync(join(tmpdir(), 'script-'))
  try {
    const file = join(folder, 'environment.sh')
    writeFileSync(file, text)
    return SHELLS.flatMap((shell) => differences(shell, file, theirs, parent))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function differences(
  shell: string,
  file: string,
  theirs: ReadonlyMap<string, string>,
  parent: Asked['parent'],
): readonly string[] {
  const seeds: Record<string, string> = {}
  for (const [name, value] of Object.entries(parent)) if (value !== null) seeds[name] = value
  for (const value of theirs.values()) {
    for (const [whole, name = '', bare = ''] of value.matchAll(/\$\{([A-Za-z_]\w*)\}|\$([A-Za-z_]\w*)/g)) {
      const asked = name === '' ? bare : name
      if (!theirs.has(asked)) seeds[asked] = whole
    }
  }
  // On a socket as its input bash would read its start-up files.
  const run = spawnSync(shell, ['-c', `. ${file} >&2 && /usr/bin/env -0`], {
    env: seeds,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  if (run.error !== undefined) return [`${shell} cannot be started: ${run.error.message}`]
  if (run.status !== 0) return [`${shell} fails: ${run.stderr}`]
  const ours = new Map<string, string>()
  for (const line of run.stdout.split('\0').filter((item) => item !== '')) {
    const at = line.indexOf('=')
    const name = line.slice(0, at)
    if (!OWN.has(name) && (!(name in seeds) || theirs.has(name))) ours.set(name, line.slice(at + 1))
  }
  const names = [...new Set([...theirs.keys(), ...ours.keys()])].filter((name) => /^[A-Za-z_]\w*$/.test(name)).sort()
  return names
    .filter((name) => theirs.get(name) !== ours.get(name))
    .map((name) => `${shell}: ${name}: rez ${String(theirs.get(name))} | script ${String(ours.get(name))}`)
}
