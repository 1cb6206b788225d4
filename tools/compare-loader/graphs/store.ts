/** Answers of real loaders to graphs, kept so that they can be compared again where no loader can be asked. */
import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { Cpu } from '../../../src/domain/system.ts'
import { airtightAnswers, difference } from './ask.ts'
import type { RunAnswer } from './ask.ts'
import { makeGraph } from './generate.ts'
import type { Graph } from './graph.ts'
import { LOADER } from './graph.ts'
import type { Made } from './memory.ts'
import { memoryTree } from './memory.ts'

const CACHE = '/etc/ld.so.cache'

/** What holds for all graphs of a store. */
export interface StoreHead {
  readonly schema: 'airtight/graphs/v1'
  /** The processor that the loaders ran on. */
  readonly cpu: Cpu
  /** glibc version of each release. */
  readonly versions: Readonly<Record<string, readonly [number, number]>>
}

/** One graph; it is made again from its seed. */
export interface StoredGraph {
  readonly seed: number
  readonly release: string
  /** Of the graph as it was when the loader was asked. */
  readonly digest: string
  readonly made: Made
  readonly answers: readonly RunAnswer[]
}

export interface Store {
  readonly head: StoreHead
  readonly graphs: readonly StoredGraph[]
}

export function writeStore(file: string, store: Store): void {
  const lines = [store.head, ...store.graphs].map((line) => `${JSON.stringify(line)}\n`)
  writeFileSync(file, gzipSync(lines.join(''), { level: 9 }))
}

export function readStore(file: string): Store {
  const [head, ...graphs] = gunzipSync(readFileSync(file)).toString('utf8').trimEnd().split('\n')
  return {
    head: JSON.parse(head ?? '') as StoreHead,
    graphs: graphs.map((line) => JSON.parse(line) as StoredGraph),
  }
}

export function digestOf(graph: Graph): string {
  return createHash('sha256').update(JSON.stringify(graph)).digest('hex').slice(0, 16)
}

/** What ldconfig has done to the root of a graph. */
export function madeIn(root: string, graph: Graph): Made {
  const links = new Map(
    graph.files.flatMap(([path, { ...content }]) => (content.kind === 'link' ? [[path, content.target]] : [])),
  )
  const made: [string, { link: string } | { base64: string } | null][] = []
  for (const path of links.keys()) {
    if (lstatSync(root + path, { throwIfNoEntry: false }) === undefined) made.push([path, null])
  }
  const walk = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = `${folder}/${entry.name}`
      if (entry.isDirectory()) walk(path)
      else if (path === CACHE) made.push([path, { base64: readFileSync(root + path).toString('base64') }])
      else if (entry.isSymbolicLink() && path !== LOADER && !(`/usr${LOADER}` === path)) {
        const link = readlinkSync(root + path)
        if (links.get(path) !== link) made.push([path, { link }])
      }
    }
  }
  walk('')
  return made.sort(([a], [b]) => (a < b ? -1 : 1))
}

/** Compares one stored graph with what Airtight says of it in memory; one line for each run that differs. */
export function replay(head: StoreHead, stored: StoredGraph): readonly string[] {
  const graph = makeGraph(stored.seed, stored.release)
  if (digestOf(graph) !== stored.digest) {
    throw new Error(`seed ${stored.seed} makes another graph than the stored one: ask the loaders again with --store`)
  }
  const version = head.versions[stored.release]
  if (version === undefined) throw new Error(`no version of ${stored.release} is stored`)
  const ours = airtightAnswers(graph, memoryTree(graph, stored.made, version), head.cpu)
  return graph.runs.flatMap(({ path, by }, index) => {
    const [left, right] = [stored.answers[index], ours[index]]
    const found = left === undefined || right === undefined ? 'no answer is stored' : difference(left, right)
    return found === null ? [] : [`seed ${stored.seed} ${stored.release} run ${index} ${by} ${path}: ${found}`]
  })
}
