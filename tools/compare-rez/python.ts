/** Runs the scripts of this folder with the Python of an installed Rez, named by AIRTIGHT_REZ_PYTHON. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The Python that can import rez; null, after one line on stderr, when the environment names none that works. */
export function rezPython(): string | null {
  const python = process.env['AIRTIGHT_REZ_PYTHON'] ?? ''
  if (python === '') return skipped('AIRTIGHT_REZ_PYTHON is not set')
  const probe = spawnSync(python, ['-c', 'import rez; print(rez.__version__)'], { encoding: 'utf8' })
  if (probe.status !== 0) return skipped(`${python} cannot import rez`)
  process.stderr.write(`compared with rez ${probe.stdout.trim()}\n`)
  return python
}

/** Gives `input` as JSON to a script beside this file; what it prints is the answer. */
export function ask(python: string, script: string, input: unknown, folder?: string): unknown {
  const file = fileURLToPath(new URL(script, import.meta.url))
  const run = spawnSync(python, [file], {
    input: JSON.stringify(input),
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    ...(folder === undefined ? {} : { cwd: folder }),
    env: { ...process.env, REZ_CONFIG_FILE: '', REZ_DISABLE_HOME_CONFIG: '1', PYTHONUTF8: '1' },
  })
  if (run.status !== 0) throw new Error(`${script} failed:\n${run.stderr}`)
  return JSON.parse(run.stdout)
}

function skipped(reason: string): null {
  process.stderr.write(`SKIPPED, nothing was compared: ${reason}\n`)
  return null
}
