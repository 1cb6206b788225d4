/** The use case of `base index`. */
import type { Fault } from '../domain/fault.ts'
import { readIndexSources } from '../system/index-source.ts'
import { writeIndex } from '../system/package-index.ts'

/** The text of an index, how much is in it, and what was left out. */
export interface MadeIndex {
  readonly text: string
  readonly packages: number
  readonly libraries: number
  readonly faults: readonly Fault[]
}

/** Makes one index of OS packages of the index files or folders of a distribution. */
export async function makeIndex(sources: readonly string[], label: string): Promise<MadeIndex | Fault> {
  const read = await readIndexSources(sources, label)
  if ('message' in read) return read
  const { data, faults } = read
  const libraries = data.packages.reduce((count, item) => count + item.libraries.length, 0)
  return { text: writeIndex(data), packages: data.packages.length, libraries, faults }
}
