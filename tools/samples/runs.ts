/** The commands that the samples promise, and how their output is made comparable. */
import { spawnSync } from 'node:child_process'
import { join, resolve } from 'node:path'

const REPOSITORY = resolve(import.meta.dirname, '../..')

export interface SampleRun {
  /** The studio: a folder of samples/. */
  readonly studio: string
  /** The expected output is `samples/STUDIO/expected/NAME.txt` and `.json`. */
  readonly name: string
  /** Arguments of airtight, without the format; paths are relative to the repository. */
  readonly args: readonly string[]
  /** The exit code. */
  readonly status: number
}

export const sampleRuns: readonly SampleRun[] = [
  {
    studio: 'migration',
    name: 'migrate',
    args: [
      ...['migrate', 'samples/migration/contexts/review.rxt', '--from', 'samples/migration/old_base'],
      ...['--to', 'rocky-8', '--to', 'rocky-9'],
    ],
    status: 1,
  },
  audit('rough_layout', 'rough_layout', 'base', 1),
  audit('hidden_copy', 'comp', 'base', 1),
  audit('private_app', 'karst', 'base', 0),
  audit('migration', 'review', 'old_base', 0),
  audit('migration', 'review', 'new_base', 1),
  {
    studio: 'migration',
    name: 'audit-rocky-9',
    args: [
      'audit',
      'samples/migration/contexts/review.rxt',
      ...['--host', 'samples/migration/old_base', '--base', 'rocky-9'],
    ],
    status: 1,
  },
  manyFaults(),
]

/**
 * Runs a sample's command in one format. In its output the path of the repository becomes `{repository}`, and the table
 * of folders, which is sorted by path, is sorted again: where the repository lies shall not matter.
 */
export function runSample(
  run: SampleRun,
  format: 'text' | 'json',
): { readonly status: number; readonly output: string } {
  const parameters = ['bin/airtight.js', ...run.args, '--format', format]
  const { status, stdout, stderr, error } = spawnSync(process.execPath, parameters, {
    cwd: REPOSITORY,
    encoding: 'utf8',
    env: { PATH: '/usr/bin:/bin', NO_COLOR: '1' },
    maxBuffer: 64 * 1024 * 1024,
  })
  if (error !== undefined) throw error
  if (stdout === '') throw new Error(`${run.studio}: no output; ${stderr}`)
  const output = stdout.replaceAll(REPOSITORY, '{repository}')
  return { status: status ?? -1, output: format === 'json' ? sortFolders(output) : output }
}

function sortFolders(document: string): string {
  const { folders } = JSON.parse(document) as { readonly folders?: readonly string[] }
  if (folders === undefined) return document
  const sorted = [...folders].sort()
  const table = (names: readonly string[]): string => names.map((name) => `    ${JSON.stringify(name)}`).join(',\n')
  return document
    .replace(table(folders), () => table(sorted))
    .replace(
      /"folder":(\d+)/g,
      (_, index: string) => `"folder":${String(sorted.indexOf(folders[Number(index)] ?? ''))}`,
    )
}

/** Where the expected output of a run is kept. */
export function expectedFile(run: SampleRun, format: 'text' | 'json'): string {
  return join(REPOSITORY, 'samples', run.studio, 'expected', `${run.name}.${format === 'text' ? 'txt' : 'json'}`)
}

/** Everything is shown, for the pages of the rules quote it. */
function manyFaults(): SampleRun {
  const folder = 'samples/many_faults'
  const requests = ['many_faults==1.0', 'kernels==2020.3', '--implicit', '~arch==x86_64', '--repo', `${folder}/rez`]
  const sides = ['--host', `${folder}/host`, '--base', `${folder}/base.yaml`]
  return { studio: 'many_faults', name: 'audit', args: ['audit', ...requests, ...sides, '--all'], status: 1 }
}

function audit(studio: string, context: string, base: string, status: number): SampleRun {
  const folder = `samples/${studio}`
  const sides = ['--host', `${folder}/host`, '--base', `${folder}/${base}.yaml`]
  const name = base === 'base' ? 'audit' : `audit-${base.replace('_', '-')}`
  return { studio, name, args: ['audit', `${folder}/contexts/${context}.rxt`, ...sides], status }
}
