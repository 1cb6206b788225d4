/** Trees on disk made from a record of paths, removed when the test file ends. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll } from 'vitest'
import type { Tree } from '../../../src/domain/tree.ts'
import { openFolderTree } from '../../../src/tree/folder.ts'

/** What stands at a path: text, bytes, a link to a target, or an empty folder for null. */
export type Content = string | Uint8Array | { readonly link: string } | null

const made: string[] = []

afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true })
})

/** A new folder that holds the given paths. */
export function makeFolder(files: Readonly<Record<string, Content>>): string {
  const root = mkdtempSync(join(tmpdir(), 'airtight-system-'))
  made.push(root)
  fillFolder(root, files)
  return root
}

/** Puts the given paths into a folder. */
export function fillFolder(root: string, files: Readonly<Record<string, Content>>): void {
  for (const [path, content] of Object.entries(files)) {
    const full = join(root, path)
    mkdirSync(content === null ? full : dirname(full), { recursive: true })
    if (content === null) continue
    if (typeof content === 'object' && 'link' in content) symlinkSync(content.link, full)
    else writeFileSync(full, content, { mode: 0o755 })
  }
}

/** The same as a tree. */
export function makeTree(files: Readonly<Record<string, Content>>): Tree {
  return openFolderTree(makeFolder(files))
}
