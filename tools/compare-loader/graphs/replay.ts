/**
 * Compares Airtight with the stored answers of real loaders; neither root nor a loader is needed.
 *
 * Usage: node --import tsx tools/compare-loader/graphs/replay.ts --store FILE [--json] [--enough N]
 *
 * Prints each run that differs, and how many graphs agree; with --json only {"graphs": N, "disagreeing": [SEED, ...]}.
 * --enough ends after that many graphs that disagree; "graphs" is how many were looked at.
 */
import { parseArgs } from 'node:util'
import { printable } from '../../../src/domain/bytes.ts'
import { readStore, replay } from './store.ts'

const SHOWN = 40

function main(): void {
  const { values } = parseArgs({
    options: {
      store: { type: 'string' },
      json: { type: 'boolean', default: false },
      enough: { type: 'string', default: 'Infinity' },
    },
  })
  if (values.store === undefined) throw new Error('--store FILE is missing')
  const { head, graphs } = readStore(values.store)
  const disagreeing: number[] = []
  let shown = 0
  let looked = 0
  for (const stored of graphs) {
    if (disagreeing.length >= Number(values.enough)) break
    looked += 1
    const found = differences(() => replay(head, stored), values.json)
    if (found.length > 0) disagreeing.push(stored.seed)
    if (!values.json) for (const line of found) if ((shown += 1) <= SHOWN) console.log(printable(line))
  }
  if (values.json) console.log(JSON.stringify({ graphs: looked, disagreeing }))
  else console.log(`${looked - disagreeing.length} of ${looked} stored graphs agree`)
  process.exitCode = disagreeing.length === 0 && graphs.length > 0 ? 0 : 1
}

/** A rule that is switched off may make the code throw: that is a difference as well. */
function differences(run: () => readonly string[], tolerant: boolean): readonly string[] {
  if (!tolerant) return run()
  try {
    return run()
  } catch (error) {
    return [String(error)]
  }
}

main()
