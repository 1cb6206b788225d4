/** Writes a graph as a root file system on disk, with the loader and the C library of a real release in it. */
import { spawnSync } from 'node:child_process'
import { linkSync, copyFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { failed } from '../../../src/domain/tree.ts'
import { openFolderTree } from '../../../src/tree/folder.ts'
import { buildElf } from '../../../test/support/elf/build.ts'
import type { Content, Graph } from './graph.ts'
import { LOADER, SYSTEM_FOLDER } from './graph.ts'

/** Files of one release that graphs are made with, as paths of this machine. */
export interface Release {
  readonly loader: string
  readonly libc: string
  readonly ldconfig: string
}

/** Finds the files of a release in its root file system. */
export function releaseIn(root: string): Release {
  const tree = openFolderTree(root)
  const find = (path: string): string => {
    const entry = tree.lookup(path)
    if (failed(entry)) throw new Error(`${root} has no ${path}`)
    return join(root, entry.path)
  }
  return { loader: find(LOADER), libc: find(`${SYSTEM_FOLDER}/libc.so.6`), ldconfig: find('/sbin/ldconfig') }
}

/** Writes the graph below `folder`, which must not exist. */
export function writeGraph(graph: Graph, folder: string, releases: ReadonlyMap<string, Release>): void {
  const release = releases.get(graph.release)
  if (release === undefined) throw new Error(`no root of ${graph.release} is known`)
  for (const [path, content] of graph.files) writeContent(folder, path, content, release)
  if (graph.cache !== null) {
    const maker = releases.get(graph.cache.release) ?? release
    spawnSync(maker.ldconfig, ['-r', folder, ...graph.cache.args], { stdio: 'ignore' })
  }
  for (const { path, content } of graph.changes) {
    rmSync(join(folder, path), { force: true, recursive: true })
    if (content !== null) writeContent(folder, path, content, release)
  }
}

function writeContent(folder: string, path: string, content: Content, release: Release): void {
  const full = folder + path
  mkdirSync(content.kind === 'folder' ? full : dirname(full), { recursive: true })
  switch (content.kind) {
    case 'elf':
      writeFileSync(full, buildElf(content.spec), { mode: 0o755 })
      return
    case 'text':
      writeFileSync(full, content.text)
      return
    case 'link':
      symlinkSync(content.target, full)
      return
    case 'hard':
      linkSync(folder + content.of, full)
      return
    case 'folder':
      return
    case 'loader':
      // Laid out as in a real system: up to 2.33 the version stands in the file's name alone.
      share(release.loader, join(folder, SYSTEM_FOLDER, basename(release.loader)))
      symlinkSync(`${SYSTEM_FOLDER}/${basename(release.loader)}`, full)
      return
    case 'libc':
      share(release.libc, full)
      return
  }
}

function share(source: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true })
  try {
    linkSync(source, target)
  } catch {
    copyFileSync(source, target)
  }
}
