/** Runs the script of this folder once, with all tasks, by the Python of an installed Rez. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Answer, Task } from './tasks.ts'

/** Rez's answers in the order of the tasks, with its default configuration. */
export function ask(python: string, tasks: readonly Task[]): readonly Answer[] {
  const run = spawnSync(python, [fileURLToPath(new URL('resolve.py', import.meta.url))], {
    input: JSON.stringify(tasks),
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    env: { ...process.env, REZ_CONFIG_FILE: '', REZ_DISABLE_HOME_CONFIG: '1', PYTHONUTF8: '1' },
  })
  if (run.status !== 0) throw new Error(`resolve.py failed:\n${run.stderr}`)
  return JSON.parse(run.stdout) as readonly Answer[]
}
