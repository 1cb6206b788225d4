/**
 * Which settings of a system a capture holds: those of the loader, as far as `ld.so.conf` includes lead. Others are
 * nobody's business, and some hold secrets.
 */
import type { Tree } from '../../domain/tree.ts'
import { failed } from '../../domain/tree.ts'
import { keptVolume } from '../../tree/archive/kept.ts'
import type { Keeper, KeptFile, KeptFolder } from '../../tree/archive/kept.ts'
import { volumeTree } from '../../tree/folder.ts'
import { isSetting, systemKeeper } from '../keep.ts'
import { readLoaderConfiguration } from '../ld-so-conf.ts'

/** Bytes that are kept of a file of which nobody asks more. */
const HEAD = 4

/** The keeper for a tree that is at hand: what `ld.so.conf` includes is known before anything is kept. */
export function settingsKeeper(tree: Tree): Keeper {
  const included = includedIn(tree)
  return {
    whole: (path, size) => included.has(path) || (!isSetting(path) && systemKeeper.whole(path, size)),
    spans: (source, path) => systemKeeper.spans(source, path),
  }
}

/** Takes from a tree that was kept while it streamed by the texts that only might have been included. */
export function dropSettings(root: KeptFolder): void {
  const included = includedIn(volumeTree('', { volume: keptVolume(root), inner: '' }))
  const wanted = new Set<KeptFile>()
  const unwanted = new Set<KeptFile>()
  visit(root, '', (path, file) => (isSetting(path) && !included.has(path) ? unwanted : wanted).add(file))
  for (const file of unwanted) {
    // Hard links of one file are one node.
    if (file.parts.kind !== 'whole' || wanted.has(file)) continue
    file.parts = { kind: 'blank', head: file.parts.bytes.slice(0, HEAD) }
  }
}

/** Files of the loader's configuration, links followed, without the first slash. */
function includedIn(tree: Tree): ReadonlySet<string> {
  const paths = new Set<string>()
  for (const file of readLoaderConfiguration(tree).files) {
    const found = tree.lookup(file)
    if (!failed(found)) paths.add(found.path.slice(1))
  }
  return paths
}

function visit(folder: KeptFolder, path: string, each: (path: string, file: KeptFile) => void): void {
  for (const [name, child] of folder.children) {
    const inner = path === '' ? name : `${path}/${name}`
    if (child.kind === 'folder') visit(child, inner, each)
    else if (child.kind === 'file') each(inner, child)
  }
}
