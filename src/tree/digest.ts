/** sha256 of a file's content, read in pieces. */
import { createHash } from 'node:crypto'
import { failed } from '../domain/tree.ts'
import type { Tree } from '../domain/tree.ts'

const CHUNK = 1 << 20

/** The digest in hex of what `path` leads to; null where it cannot be read to its end. */
export function fileDigest(tree: Tree, path: string): string | null {
  const file = tree.open(path)
  if (failed(file)) return null
  try {
    const hash = createHash('sha256')
    for (let offset = 0; offset < file.size;) {
      const bytes = file.read(offset, CHUNK)
      if (bytes.length === 0) return null
      hash.update(bytes)
      offset += bytes.length
    }
    return hash.digest('hex')
  } finally {
    file.close()
  }
}
