/**
 * Compares Airtight with real loaders on random graphs.
 *
 * Usage: node --import tsx tools/compare-loader/graphs/run.ts --release NAME=ROOT... [--graphs 2000] [--first 1]
 *          [--work DIR] [--keep] [--store FILE]
 *
 * ROOT is a root file system with a loader, a C library and ldconfig, as debootstrap makes it. Graph number N is made
 * from seed N for the releases in turn. --keep leaves the graphs of disagreements below DIR; --store keeps
 * the loaders' answers for replay.ts. Needs root.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { printable } from '../../../src/domain/bytes.ts'
import { nativeCpu } from '../../../src/system/cpu.ts'
import { openFolderTree } from '../../../src/tree/folder.ts'
import { runTraces } from '../tracer.ts'
import type { TraceResult } from '../tracer.ts'
import { airtightAnswers, answersOf, difference, namedAnswersOf, traceDifference, workOf } from './ask.ts'
import type { RunAnswer } from './ask.ts'
import { makeGraph } from './generate.ts'
import type { Graph } from './graph.ts'
import { releaseIn, writeGraph } from './make.ts'
import type { Made } from './memory.ts'
import { digestOf, writeStore } from './store.ts'
import type { StoredGraph } from './store.ts'

const CHUNK = 50
const SHOWN = 40

/** What has been seen so far. */
interface Tally {
  graphs: number
  runs: number
  entries: number
  errors: number
  failedStarts: number
  disagreeing: number
  shown: number
  sameWords: number
  namedDiffers: number
}

interface Prepared {
  readonly graph: Graph
  readonly root: string
  /** What ldconfig has added. */
  readonly made: Made
}

function compare(made: Prepared, results: readonly TraceResult[], tally: Tally): readonly RunAnswer[] | null {
  const { graph, root } = made
  const theirs = answersOf(graph, results)
  const named = namedAnswersOf(graph, results)
  const ours = airtightAnswers(graph, openFolderTree(root), nativeCpu())
  let agreed = true
  for (const [index, run] of graph.runs.entries()) {
    const [left, right, other] = [theirs[index], ours[index], named[index]]
    if (left === undefined || right === undefined || other === undefined) continue
    tally.runs += 1
    tally.entries += left.loaded.length
    if (left.error !== null) tally.errors += 1
    if (typeof left.start === 'string') tally.failedStarts += 1
    if (typeof left.start === 'string' && left.start === right.start) tally.sameWords += 1
    if (traceDifference(left, other) !== null) tally.namedDiffers += 1
    const found = difference(left, right)
    if (found === null) continue
    agreed = false
    if ((tally.shown += 1) <= SHOWN) {
      console.log(`seed ${graph.seed} ${graph.release} run ${index} ${run.by} ${run.path}: ${printable(found)}`)
    }
  }
  tally.graphs += 1
  if (!agreed) tally.disagreeing += 1
  return agreed ? theirs : null
}

function keep({ graph, made }: Prepared, answers: readonly RunAnswer[]): StoredGraph {
  return { seed: graph.seed, release: graph.release, digest: digestOf(graph), made, answers }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      release: { type: 'string', multiple: true, default: [] },
      graphs: { type: 'string', default: '2000' },
      first: { type: 'string', default: '1' },
      work: { type: 'string' },
      keep: { type: 'boolean', default: false },
      store: { type: 'string' },
    },
  })
  const releases = new Map(
    values.release.map((text) => {
      const [name = '', root = ''] = text.split('=')
      return [name, releaseIn(root)] as const
    }),
  )
  const names = [...releases.keys()]
  if (names.length === 0) throw new Error('--release NAME=ROOT is missing')
  const work = values.work ?? mkdtempSync(join(tmpdir(), 'airtight-graphs-'))
  mkdirSync(work, { recursive: true })
  const stored: StoredGraph[] = []
  const tally: Tally = {
    graphs: 0,
    runs: 0,
    entries: 0,
    errors: 0,
    failedStarts: 0,
    disagreeing: 0,
    shown: 0,
    sameWords: 0,
    namedDiffers: 0,
  }
  const first = Number(values.first)
  const last = first + Number(values.graphs)
  for (let seed = first; seed < last; seed += CHUNK) {
    const made: Prepared[] = []
    for (let each = seed; each < Math.min(last, seed + CHUNK); each += 1) {
      const graph = makeGraph(each, names[each % names.length] ?? '')
      const root = join(work, `graph-${each}`)
      rmSync(root, { recursive: true, force: true })
      made.push({ graph, root, made: writeGraph(graph, root, releases) })
    }
    let next = 0
    for await (const results of runTraces(
      made.map(({ graph, root }) => workOf(graph, root)),
      1,
      3,
    )) {
      const one = made[next]
      next += 1
      if (one === undefined) break
      const answers = compare(one, results, tally)
      if (values.store !== undefined && answers !== null) stored.push(keep(one, answers))
      if (!values.keep || answers !== null) rmSync(one.root, { recursive: true })
    }
  }
  if (values.store !== undefined) {
    const versions = Object.fromEntries([...releases].map(([name, { version }]) => [name, version]))
    const head = { schema: 'airtight/graphs/v1', cpu: nativeCpu(), versions } as const
    writeStore(values.store, { head, graphs: stored })
  }
  if (!values.keep) rmSync(work, { recursive: true })
  console.log(
    `${tally.graphs - tally.disagreeing} of ${tally.graphs} graphs agree: ${tally.runs} runs, ${tally.entries} lines, ` +
      `${tally.errors} traces end in an error, ${tally.failedStarts} starts fail (${tally.sameWords} in the same words), ` +
      `${tally.namedDiffers} runs differ when the loader is started by name`,
  )
  process.exitCode = tally.disagreeing === 0 && tally.graphs > 0 ? 0 : 1
}

await main()
