/**
 * Throws mutated inputs at every parser: `node --import tsx tools/fuzz/run.ts [COUNT] [SEED]`. Each must end in a value or
 * a fault: a throw, a second of processor time spent on one input or half a gigabyte of memory is a failure, and so is a
 * run in which fewer than 60 % of the inputs get past the header.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { generator, mutate } from './mutate.ts'
import { targets } from './targets.ts'
import type { Target } from './targets.ts'

const SECOND = 1000
const MEMORY = 512
const PAST = 0.6

interface Tally {
  readonly name: string
  inputs: number
  past: number
  slowest: number
  readonly failures: string[]
}

function attack(target: Target, count: number, seed: number): Tally {
  const random = generator(seed)
  const tally: Tally = { name: target.name, inputs: 0, past: 0, slowest: 0, failures: [] }
  const pick = (): Uint8Array => target.seeds[Math.floor(random() * target.seeds.length)] ?? new Uint8Array(0)
  for (let i = 0; i < count; i += 1) {
    const input = mutate(pick(), pick(), random, target.header)
    const start = process.cpuUsage()
    try {
      if (target.parse(input)) tally.past += 1
    } catch (error) {
      fail(tally, input, i, error instanceof Error ? (error.stack ?? error.message) : String(error))
    }
    const { user, system } = process.cpuUsage(start)
    const spent = (user + system) / 1000
    tally.slowest = Math.max(tally.slowest, spent)
    if (spent > SECOND) fail(tally, input, i, `took ${spent.toFixed(0)} ms`)
    tally.inputs += 1
  }
  return tally
}

/** Keeps the input, so that a failure becomes a test. */
function fail(tally: Tally, input: Uint8Array, index: number, why: string): void {
  if (tally.failures.length >= 5) return
  const folder = path.join(tmpdir(), 'airtight-fuzz')
  mkdirSync(folder, { recursive: true })
  const file = path.join(folder, `${tally.name.replaceAll(/\W/g, '-')}-${index}`)
  writeFileSync(file, input)
  tally.failures.push(`${file}: ${why}`)
}

function isLow({ past, inputs }: Tally): boolean {
  return past / inputs < PAST
}

function print(tally: Tally): void {
  const { name, inputs, past, slowest, failures } = tally
  const share = ((past / inputs) * 100).toFixed(1)
  const note = isLow(tally) ? '  FAILED: too few get past the header' : ''
  console.log(
    `${name.padEnd(14)} ${String(inputs).padStart(7)} inputs  ${share.padStart(5)} % past the header  slowest ${slowest.toFixed(1)} ms${note}`,
  )
  for (const failure of failures) console.log(`  ${failure}`)
}

function main(): void {
  const count = Number(process.argv[2] ?? 200_000)
  const seed = Number(process.argv[3] ?? 1)
  const weights = targets.reduce((sum, target) => sum + target.weight, 0)
  let failed = false
  for (const [at, target] of targets.entries()) {
    const tally = attack(target, Math.ceil((count * target.weight) / weights), seed + at)
    failed ||= isLow(tally) || tally.failures.length > 0
    print(tally)
  }
  const peak = process.resourceUsage().maxRSS / 1024
  console.log(`peak memory ${peak.toFixed(0)} MiB (limit ${MEMORY})`)
  if (peak > MEMORY) failed = true
  process.exitCode = failed ? 1 : 0
}

main()
