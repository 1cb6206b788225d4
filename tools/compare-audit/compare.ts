/**
 * Holds the audit of every context of a studio of real software against two runs of the real loader.
 *
 *   npx tsx tools/compare-audit/compare.ts STUDIO ORACLE.py [CONTEXT...]
 *
 * STUDIO has base/, host/, rez/ and contexts.json. The oracle starts the loader of each root inside that root, so this
 * needs root; without it the comparison is skipped, and says so. Exit code 1 where one pair is missing or too many.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { impliedFindings } from './implied.ts'
import type { StudioContext } from './implied.ts'
import { toldFindings } from './ours.ts'

const PROGRAM = join(import.meta.dirname, '../../bin/airtight.js')

function auditOf(studio: string, context: StudioContext): Parameters<typeof toldFindings>[0] {
  const requests = context.packages.map((id) => id.replace('-', '=='))
  const systems = ['--base', join(studio, 'base'), '--host', join(studio, 'host')]
  const run = spawnSync(
    process.execPath,
    [PROGRAM, 'audit', ...requests, '--repo', join(studio, 'rez'), ...systems, '--format', 'json', '--quiet'],
    { encoding: 'utf8', maxBuffer: 1 << 30 },
  )
  if (run.status !== 0 && run.status !== 1)
    throw new Error(`the audit ended with ${run.status ?? 'a signal'}: ${run.stderr}`)
  return (JSON.parse(run.stdout) as { findings: Parameters<typeof toldFindings>[0] }).findings
}

function difference(name: string, kind: string, implied: ReadonlySet<string>, told: ReadonlySet<string>): boolean {
  const missing = [...implied].filter((pair) => !told.has(pair))
  const extra = [...told].filter((pair) => !implied.has(pair))
  const both = implied.size - missing.length
  console.log(`${name.padEnd(22)} ${kind.padEnd(13)} implied ${implied.size}, told ${told.size}, agreed ${both}`)
  for (const pair of missing) console.log(`  not told: ${pair}`)
  for (const pair of extra) console.log(`  not implied: ${pair}`)
  return missing.length + extra.length > 0
}

function main(args: readonly string[]): number {
  const [studio, oracle, ...names] = args
  if (studio === undefined || oracle === undefined) {
    console.error('usage: compare.ts STUDIO ORACLE.py [CONTEXT...]')
    return 2
  }
  if (process.getuid?.() !== 0) {
    console.log('SKIPPED: compare-audit needs root, for the real loader is started inside the roots')
    return 77
  }
  const contexts = JSON.parse(readFileSync(join(studio, 'contexts.json'), 'utf8')) as Record<string, StudioContext>
  let differs = false
  for (const [name, context] of Object.entries(contexts)) {
    if (names.length > 0 && !names.includes(name)) continue
    const implied = impliedFindings(studio, oracle, context)
    const told = toldFindings(auditOf(studio, context))
    const leaks = difference(name, 'leaks', implied.leaks, told.leaks)
    const requirements = difference(name, 'requirements', implied.requirements, told.requirements)
    differs ||= leaks || requirements
  }
  console.log(differs ? 'DIFFERENT' : 'AGREED')
  return differs ? 1 : 0
}

process.exitCode = main(process.argv.slice(2))
