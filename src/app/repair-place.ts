/** Where a path of an image lies on this machine: links inside the root are followed, and never lead out of it. */
import { join } from 'node:path'
import { failed } from '../domain/tree.ts'
import type { Tree } from '../domain/tree.ts'

/** The folder of this machine that holds the path; its last part, and what does not exist yet, are taken as they are. */
export function placeInRoot(tree: Tree, root: string, path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.')
  const name = parts.pop() ?? ''
  const missing: string[] = []
  for (;;) {
    const found = tree.lookup(`/${parts.join('/')}`)
    if (!failed(found)) return join(root, found.path, ...missing, name)
    missing.unshift(parts.pop() ?? '')
    if (parts.length === 0) return join(root, ...missing, name)
  }
}
