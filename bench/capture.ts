/**
 * Measures captures beside the programs that only read: `node --import tsx bench/capture.ts ARCHIVE [CAPTURE]`. ARCHIVE
 * is an uncompressed tar of a root or an image. Needs tar, gzip and sha256sum. Peak memory is that of the capture process.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

const ROUNDS = 5
const AIRTIGHT = `node ${path.resolve(import.meta.dirname, '../bin/airtight.js')}`

/** The best of several runs, in seconds of wall clock and of processor time, and the peak memory in MiB. */
function best(command: string): { readonly wall: number; readonly cpu: number; readonly memory: number } {
  let wall = Infinity
  let cpu = Infinity
  let memory = 0
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now()
    const ran = spawnSync('/usr/bin/time', ['-f', '%U %S %M', 'sh', '-c', command], { encoding: 'utf8' })
    wall = Math.min(wall, (performance.now() - start) / 1000)
    const [user = 0, system = 0, peak = 0] = (ran.stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number)
    cpu = Math.min(cpu, user + system)
    memory = Math.max(memory, peak / 1024)
  }
  return { wall, cpu, memory }
}

function show(name: string, figure: ReturnType<typeof best>, megabytes: number): void {
  const { wall, cpu, memory } = figure
  console.log(
    `${name.padEnd(34)} ${wall.toFixed(2)} s, processor ${cpu.toFixed(2)} s, ${(megabytes / wall).toFixed(0)} MB/s, peak ${memory.toFixed(0)} MiB`,
  )
}

const [archive = ''] = process.argv.slice(2)
if (!existsSync(archive)) throw new Error('name an uncompressed tar archive of a root or an image')
const folder = mkdtempSync(path.join(tmpdir(), 'airtight-bench-'))
try {
  const megabytes = statSync(archive).size / 1e6
  const packed = path.join(folder, 'archive.tar.gz')
  const capture = path.join(folder, 'x.capture')
  execFileSync('sh', ['-c', `gzip -1 -c '${archive}' > '${packed}'`])
  const plain = best(`tar t -f '${archive}' > /dev/null && sha256sum '${archive}' > /dev/null`)
  const ours = best(`${AIRTIGHT} base capture '${archive}' -q -o '${capture}'`)
  const unpack = best(`gzip -dc '${packed}' > /dev/null`)
  const oursPacked = best(`${AIRTIGHT} base capture '${packed}' -q -o '${capture}'`)
  const load = best(`${AIRTIGHT} closure --root '${capture}' /usr/bin/env --format list`)
  show('tar t and sha256sum', plain, megabytes)
  show('base capture, uncompressed', ours, megabytes)
  console.log(`  rate: ${(plain.wall / ours.wall).toFixed(2)} of tar t and sha256sum`)
  show('gzip -dc', unpack, megabytes)
  show('base capture, gzip', oursPacked, megabytes)
  console.log(`  rate: ${(unpack.wall / oursPacked.wall).toFixed(2)} of gzip -dc`)
  console.log(`capture: ${(statSync(capture).size / 1e6).toFixed(1)} MB`)
  console.log(`closure over the capture, whole process: ${(load.wall * 1000).toFixed(0)} ms`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
