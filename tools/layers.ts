/** Checks the layers of src with dependency-cruiser, and that it looked at every file: `layers.ts [FOLDER]`. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import glob from 'fast-glob'

interface Violation {
  readonly from: string
  readonly to: string
  readonly rule: { readonly name: string; readonly severity: string }
}

interface Cruise {
  readonly modules: readonly { readonly source: string }[]
  readonly summary: { readonly violations: readonly Violation[] }
}

const root = resolve(process.argv[2] ?? '.')
const files = sourceFiles(root)
const { modules, summary } = cruise(root)
const seen = new Set(modules.map((module) => module.source))
const unseen = files.filter((file) => !seen.has(file))

for (const violation of summary.violations) {
  const { from, to, rule } = violation
  console.error(`${rule.severity} ${rule.name}: ${from === to ? `${from} is never reached` : `${from} imports ${to}`}`)
}
for (const file of unseen) console.error(`error not seen: ${file}`)
console.log(`${String(files.length - unseen.length)} modules seen, ${String(summary.violations.length)} violations`)

// A compiler that dependency-cruiser does not know makes it report success on nothing at all.
if (files.length === 0 || unseen.length > 0 || summary.violations.length > 0) process.exitCode = 1

function sourceFiles(folder: string): string[] {
  return glob.globSync('src/**/*.{ts,tsx}', { cwd: folder }).sort()
}

function cruise(folder: string): Cruise {
  const program = join(import.meta.dirname, '../node_modules/dependency-cruiser/bin/dependency-cruise.mjs')
  const targets = ['src', 'bin'].filter((name) => existsSync(join(folder, name)))
  const options = ['--config', '.dependency-cruiser.js', '--output-type', 'json']
  return JSON.parse(run(program, [...targets, ...options], folder)) as Cruise
}

/** Runs a script with this Node; dependency-cruiser's exit code counts violations, which its output names as well. */
function run(script: string, parameters: readonly string[], folder: string): string {
  try {
    return execFileSync(process.execPath, [script, ...parameters], {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 256 * 1024 * 1024,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
  } catch (error) {
    const output = (error as { readonly stdout?: unknown }).stdout
    if (typeof output === 'string' && output.startsWith('{')) return output
    throw error
  }
}
