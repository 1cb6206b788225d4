/** Questions to the knowledge about folders. */
import { globTest } from '../../policy/glob.ts'
import { buildTrees } from './data.ts'

const tests = buildTrees.map((tree) => ({ tree, test: globTest(tree.path) }))

/** Why a folder exists only where software is built, null for any other folder. */
export function buildTreeReason(folder: string): string | null {
  return tests.find(({ test }) => test(folder) || test(`${folder}/`))?.tree.reason ?? null
}
