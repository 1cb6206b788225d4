/**
 * Measures captures beside the programs that only read the same bytes:
 * `node --import tsx bench/capture.ts ARCHIVE [docker-archive:FILE | oci:DIR]...`. ARCHIVE is an uncompressed tar of a
 * root. Needs tar, gzip, zstd for layers packed by it, sha256sum and GNU time. Runs of a pair take turns, so that a busy machine hurts both; told are
 * the medians of their ratios, in wall clock and in processor time. Peak memory is that of the capture process.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, readSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

const ROUNDS = 5
const AIRTIGHT = `node ${path.resolve(import.meta.dirname, '../bin/airtight.js')}`

interface Cost {
  /** Seconds. */
  readonly wall: number
  /** Seconds of user and system time. */
  readonly cpu: number
  /** MiB. */
  readonly memory: number
}

function cost(command: string): Cost {
  const start = performance.now()
  const ran = spawnSync('/usr/bin/time', ['-f', '%U %S %M', 'sh', '-c', command], { encoding: 'utf8' })
  const wall = (performance.now() - start) / 1000
  if (ran.status !== 0) throw new Error(`${command}: ${ran.stderr}`)
  const [user = 0, system = 0, peak = 0] = (ran.stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number)
  return { wall, cpu: user + system, memory: peak / 1024 }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

/** Rates of two commands over the same bytes: above 1, ours is the faster. */
function pair(name: string, theirs: string, ours: string): void {
  const rounds = Array.from({ length: ROUNDS }, () => ({ theirs: cost(theirs), ours: cost(ours) }))
  const both = (of: (one: Cost) => number): string => {
    const ratio = median(rounds.map((round) => of(round.theirs) / of(round.ours)))
    const seconds = (pick: 'theirs' | 'ours'): string => median(rounds.map((round) => of(round[pick]))).toFixed(2)
    return `${seconds('theirs')} s and ${seconds('ours')} s, ratio ${ratio.toFixed(2)}`
  }
  console.log(`${name}\n  wall clock ${both((one) => one.wall)}\n  processor  ${both((one) => one.cpu)}`)
  console.log(
    `  peak memory of the capture: ${Math.max(...rounds.map(({ ours: { memory } }) => memory)).toFixed(0)} MiB`,
  )
}

/** What reads all bytes of an image, and no more. */
function readerOf(image: string): string {
  const file = image.replace(/^[a-z-]+:/, '')
  if (!statSync(file).isDirectory()) return readerOfFile(file)
  const blobs = path.join(file, 'blobs/sha256')
  const layers = readdirSync(blobs).map((name) => path.join(blobs, name))
  return layers
    .filter((layer) => statSync(layer).size > 1e6)
    .map(readerOfFile)
    .join(' && ')
}

/** By its first bytes: names tell nothing of how a layer is packed. */
function readerOfFile(file: string): string {
  const head = Buffer.alloc(4)
  const descriptor = openSync(file, 'r')
  readSync(descriptor, head)
  closeSync(descriptor)
  if (head.readUInt16BE(0) === 0x1f8b) return `gzip -dc < '${file}' > /dev/null`
  if (head.readUInt32BE(0) === 0x28b52ffd) return `zstd -qdc < '${file}' > /dev/null`
  return `tar t -f '${file}' > /dev/null && sha256sum '${file}' > /dev/null`
}

const [archive = '', ...images] = process.argv.slice(2)
if (!existsSync(archive)) throw new Error('name an uncompressed tar archive of a root')
const folder = mkdtempSync(path.join(tmpdir(), 'airtight-bench-'))
try {
  const packed = path.join(folder, 'archive.tar.gz')
  const capture = path.join(folder, 'x.capture')
  const taken = (source: string): string => `${AIRTIGHT} base capture '${source}' -q -o '${capture}'`
  execFileSync('sh', ['-c', `gzip -1 -c '${archive}' > '${packed}'`])
  console.log(`${(statSync(archive).size / 1e6).toFixed(0)} MB`)
  const read = `tar t -f '${archive}' > /dev/null && sha256sum '${archive}' > /dev/null`
  pair('tar t and sha256sum, and base capture of the tar', read, taken(archive))
  pair('gzip -dc, and base capture of the tar packed by gzip -1', `gzip -dc '${packed}' > /dev/null`, taken(packed))
  for (const image of images) pair(`reading ${image}, and base capture of it`, readerOf(image), taken(image))
  console.log(`capture: ${(statSync(capture).size / 1e6).toFixed(1)} MB`)
  const bare = `${AIRTIGHT} --version > /dev/null`
  const load = `${AIRTIGHT} closure --root '${capture}' /usr/bin/env --format list > /dev/null`
  pair('airtight --version, and closure of one program over the capture, whole processes', bare, load)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
