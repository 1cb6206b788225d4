/** Writes a graph as a root file system on disk, with the loader and the C library of a real release in it. */
import { spawnSync } from 'node:child_process'
import { linkSync, copyFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { ELFCLASS64, EM_X86_64 } from '../../../src/domain/object.ts'
import { failed } from '../../../src/domain/tree.ts'
import { cpuOfLevel } from '../../../src/system/cpu.ts'
import { openSystem } from '../../../src/system/open.ts'
import { openFolderTree } from '../../../src/tree/folder.ts'
import { buildElf } from '../../../test/support/elf/build.ts'
import type { ElfSpec } from '../../../test/support/elf/spec.ts'
import type { Content, Graph } from './graph.ts'
import { LOADER, SYSTEM_FOLDER } from './graph.ts'
import type { Made } from './memory.ts'
import { madeIn } from './store.ts'

/** Files of one release that graphs are made with, as paths of this machine. */
export interface Release {
  readonly loader: string
  readonly libc: string
  readonly ldconfig: string
  readonly version: readonly [number, number]
}

/** Finds the files of a release in its root file system. */
export function releaseIn(root: string): Release {
  const tree = openFolderTree(root)
  const find = (path: string): string => {
    const entry = tree.lookup(path)
    if (failed(entry)) throw new Error(`${root} has no ${path}`)
    return join(root, entry.path)
  }
  const version = openSystem(tree, { cpu: cpuOfLevel(1) }).loader(LOADER, EM_X86_64, ELFCLASS64)?.version
  if (version == null) throw new Error(`the glibc version of ${root} is not known`)
  const libc = find(`${SYSTEM_FOLDER}/libc.so.6`)
  return { loader: find(LOADER), libc, ldconfig: find('/sbin/ldconfig'), version }
}

/**
 * Writes the graph below `folder`, which must not exist.
 *
 * @returns what ldconfig has added
 */
export function writeGraph(graph: Graph, folder: string, releases: ReadonlyMap<string, Release>): Made {
  const release = releases.get(graph.release)
  if (release === undefined) throw new Error(`no root of ${graph.release} is known`)
  const started = new Set(graph.runs.map((run) => run.path))
  for (const [path, content] of graph.files) {
    writeContent(folder, path, content, release)
    if (content.kind === 'elf' && (started.has(path) || content.spec.interpreter !== undefined)) {
      writeFileSync(folder + path, programBytes(content.spec))
    }
  }
  if (graph.cache !== null) {
    const maker = releases.get(graph.cache.release) ?? release
    spawnSync(maker.ldconfig, ['-r', folder, ...graph.cache.args], { stdio: 'ignore' })
  }
  const made = madeIn(folder, graph)
  for (const { path, content } of graph.changes) {
    rmSync(join(folder, path), { force: true, recursive: true })
    if (content !== null) writeContent(folder, path, content, release)
  }
  return made
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

/** Exit status of a program that has been started. */
export const STARTED = 77
/** exit(STARTED) */
const CODE = [0xb8, 60, 0, 0, 0, 0xbf, STARTED, 0, 0, 0, 0x0f, 0x05]
const PAGE = 4096

/** The object with code that ends the process at once, so that a start that works can be told from a crash. */
function programBytes(spec: ElfSpec): Uint8Array {
  const { length } = buildElf(spec)
  const offset = Math.ceil(length / PAGE) * PAGE
  const address = (spec.type === 'exec' ? 0x400000 : 0) + offset + 1024 * PAGE
  const code = { type: 1, flags: 5, offset, address, fileSize: CODE.length, memorySize: CODE.length, align: PAGE }
  const bytes = buildElf({ ...spec, segments: [code], header: { entry: address, ...spec.header } })
  return Buffer.concat([bytes, Buffer.alloc(offset - bytes.length), Buffer.from(CODE)])
}

function share(source: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true })
  try {
    linkSync(source, target)
  } catch {
    copyFileSync(source, target)
  }
}
