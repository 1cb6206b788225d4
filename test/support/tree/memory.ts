/** A tree held in memory: for inputs that change thousands of times, where a disk would only add time. */
import type { Tree } from '../../../src/domain/tree.ts'
import { bytesContent } from '../../../src/tree/content.ts'
import { volumeTree } from '../../../src/tree/folder.ts'
import { memoryVolume } from '../../../src/tree/memory.ts'
import type { MemoryEntry } from '../../../src/tree/memory.ts'

export type MemoryFiles = Readonly<Record<string, Uint8Array | { readonly link: string }>>

/** A tree of these files, by absolute path. */
export function memoryTree(files: MemoryFiles, label = 'memory'): Tree {
  const entries = Object.entries(files).map(([path, value]): [string, MemoryEntry] => [
    path.replace(/^\//, ''),
    value instanceof Uint8Array ? { kind: 'file', content: bytesContent(value) } : { kind: 'link', target: value.link },
  ])
  return volumeTree(label, { volume: memoryVolume(new Map(entries)), inner: '' })
}
