/** Times whole commands side by side: rounds alternate between the candidates, so that a busy minute hurts all of them. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

const GNU_TIME = '/usr/bin/time'

export interface Candidate {
  readonly name: string
  /** A shell command; it throws its output away itself, and ends with 0 when it has done its work. */
  readonly command: string
  /** Rounds for slow peers may be fewer; at least one. */
  readonly rounds?: number
}

export interface Figure {
  readonly name: string
  /** Wall clock in milliseconds. */
  readonly median: number
  readonly minimum: number
  readonly maximum: number
  /** Peak resident memory in MiB, null where GNU time is missing. */
  readonly peak: number | null
  /** Least processor time, user and system, in milliseconds, null where GNU time is missing. */
  readonly cpu: number | null
}

/** Runs every candidate `rounds` times, one warming round first. */
export function compare(candidates: readonly Candidate[], rounds: number): readonly Figure[] {
  const times = new Map<string, number[]>()
  const peaks = new Map<string, number | null>()
  const cpus = new Map<string, number>()
  for (let round = -1; round < rounds; round += 1) {
    for (const candidate of candidates) {
      if (round >= (candidate.rounds ?? rounds)) continue
      const { milliseconds, peak, cpu } = run(candidate)
      if (round < 0) continue
      times.set(candidate.name, [...(times.get(candidate.name) ?? []), milliseconds])
      peaks.set(candidate.name, peak)
      if (cpu !== null) cpus.set(candidate.name, Math.min(cpu, cpus.get(candidate.name) ?? Infinity))
    }
  }
  return candidates.map(({ name }) =>
    figure(name, times.get(name) ?? [], peaks.get(name) ?? null, cpus.get(name) ?? null),
  )
}

/** The figure of one series in milliseconds. */
export function figure(
  name: string,
  series: readonly number[],
  peak: number | null,
  cpu: number | null = null,
): Figure {
  const sorted = [...series].sort((a, b) => a - b)
  return {
    name,
    median: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN,
    minimum: sorted[0] ?? Number.NaN,
    maximum: sorted.at(-1) ?? Number.NaN,
    peak,
    cpu,
  }
}

/** Without certificates of a proxy: with them each start of Node reads hundreds, which is no cost of what is measured. */
function environment(): NodeJS.ProcessEnv {
  const now = { ...process.env }
  delete now['NODE_EXTRA_CA_CERTS']
  return now
}

function run(candidate: Candidate): { milliseconds: number; peak: number | null; cpu: number | null } {
  const scratch = mkdtempSync(path.join(tmpdir(), 'airtight-bench-'))
  const report = path.join(scratch, 'time')
  const measured = existsSync(GNU_TIME)
  const command = measured
    ? [GNU_TIME, '-q', '-o', report, '-f', '%M %U %S', 'sh', '-c', candidate.command]
    : ['sh', '-c', candidate.command]
  const start = process.hrtime.bigint()
  const [program = 'sh', ...rest] = command
  const done = spawnSync(program, rest, { stdio: ['ignore', 'ignore', 'pipe'], env: environment() })
  const milliseconds = Number(process.hrtime.bigint() - start) / 1e6
  if (done.error !== undefined) throw new Error(`${candidate.name} does not run: ${done.error.message}`)
  // A peer that fails at once would look like the fastest of all.
  if (done.status !== 0) throw new Error(`${candidate.name} failed: ${done.stderr.toString().trim()}`)
  const [kibibytes, user, system] =
    measured && existsSync(report) ? readFileSync(report, 'utf8').trim().split(' ').map(Number) : []
  rmSync(scratch, { recursive: true })
  return {
    milliseconds,
    peak: kibibytes === undefined ? null : kibibytes / 1024,
    cpu: user === undefined || system === undefined ? null : (user + system) * 1000,
  }
}

/** The table of one comparison; the first row is ours, the ratios are peer to ours. */
export function table(title: string, figures: readonly Figure[]): string {
  const ours = figures[0]?.median ?? Number.NaN
  const rows = figures.map((row) => [
    row.name,
    row.median.toFixed(1),
    row.minimum.toFixed(1),
    row.maximum.toFixed(1),
    row.cpu === null ? '-' : row.cpu.toFixed(0),
    row.peak === null ? '-' : row.peak.toFixed(0),
    (row.median / ours).toFixed(2),
  ])
  const head = ['', 'median ms', 'min', 'max', 'cpu ms', 'MiB', 'times ours']
  const widths = head.map((text, column) => Math.max(text.length, ...rows.map((row) => (row[column] ?? '').length)))
  const line = (cells: readonly string[]): string =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ')
  return [`## ${title}`, line(head), ...rows.map(line), ''].join('\n')
}
