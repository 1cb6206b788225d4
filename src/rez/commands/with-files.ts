/** The environment of commands that ask for files: what lies in the packages of the context is looked up. */
import { posix } from 'node:path'
import { environmentOf } from './environment.ts'
import type { EnvironmentInput, EnvironmentResult } from './environment.ts'

/** What a path leads to, links followed; null where nothing is there. */
type Kind = 'file' | 'folder' | 'other' | null

/** Evaluations at most: each finds further questions only behind the answers of the one before. */
const ROUNDS = 8
/** Questions at most. */
const MAX_ASKED = 500

/**
 * As {@link environmentOf}; `os.path.exists` and its like are answered for paths in the packages of the context, which are
 * the same wherever it runs. Other paths belong to the machine, and stay unknown.
 */
export async function environmentWithFiles(
  input: EnvironmentInput,
  kindOf: (path: string) => Promise<Kind>,
): Promise<EnvironmentResult> {
  const folders = [...new Set(input.packages.flatMap(({ package: item }) => [item.base, item.root, ...item.payload]))]
  const known = new Map<string, Kind>()
  for (let round = 0; ; round += 1) {
    const asked = new Set<string>()
    const result = environmentOf({
      ...input,
      exists: (path, kind) => {
        const place = posix.normalize(path)
        if (!folders.some((folder) => folder !== '' && (place === folder || place.startsWith(`${folder}/`))))
          return null
        const found = known.get(place)
        if (found !== undefined) return kind === 'any' ? found !== null : found === kind
        asked.add(place)
        return null
      },
    })
    if (asked.size === 0 || round >= ROUNDS || known.size > MAX_ASKED) return result
    for (const path of asked) known.set(path, await kindOf(path))
  }
}
