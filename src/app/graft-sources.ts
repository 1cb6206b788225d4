/** Where grafts come from beside the host: other bases, images and packages, as `--graft-from` or a lock names them. */
import { resolve } from 'node:path'
import type { Fault } from '../domain/fault.ts'
import { faultAt } from '../domain/fault.ts'
import type { GraftEntry } from '../domain/repair.ts'
import type { Tree } from '../domain/tree.ts'
import type { Supply } from '../repair/supply.ts'
import { isPrefixed } from '../system/source-kind.ts'
import { isFolder } from '../tree/status.ts'
import type { NamedSource, OpenedSource } from './graft-source.ts'
import type { UnpackProgress } from './run-unpacked.ts'

/** Sources that are open. */
export interface GraftSources {
  /** Best first, for who plans. */
  readonly order: readonly ('host' | Supply)[]
  /** Where they are, by the name that grafts give them; the host is not among them. */
  readonly places: Readonly<Record<string, string>>
  /** The files of a source, null where it is not known; a host is not. */
  tree(source: GraftEntry['source']): Tree | null
  /** The folder of this machine that holds them. */
  folder(source: GraftEntry['source']): string | null
}

const HOST = 'host'

/** Nothing but the host. */
export const HOST_ALONE: GraftSources = sourcesOf([HOST], [])

/**
 * Opens `host`, root folders, `oci:DIR[:TAG]`, archives of images, declared bases with a root, and package folders, each
 * of them perhaps as `NAME=SOURCE`. Images are unpacked into the caller's cache, once.
 *
 * @param texts best first
 * @param folder where relative paths start
 */
export async function openGraftSources(
  texts: readonly string[],
  folder: string,
  progress: UnpackProgress | null = null,
): Promise<GraftSources | Fault> {
  const order: ('host' | Supply)[] = []
  const opened: (readonly [OpenedSource, string])[] = []
  for (const text of [...new Set(texts)]) {
    if (text === '') return faultAt('malformed', '--graft-from', null, 'is empty: host or SOURCE was expected')
    if (text === HOST) {
      order.push(HOST)
      continue
    }
    const { name, spec } = placed(text, folder)
    const { openGraftSource } = await import('./graft-source.ts')
    const source = await openGraftSource({ name, spec }, progress)
    if ('message' in source) return source
    if (source.name === HOST || opened.some(([other]) => other.name === source.name)) {
      const message = `two sources of grafts would be called ${source.name}; give this one another name: NAME=${spec}`
      return faultAt('malformed', '--graft-from', null, message)
    }
    opened.push([source, spec])
    order.push(source.supply)
  }
  return sourcesOf(order, opened)
}

/** The sources that some grafts name, opened at their places; one that has no place is not known. */
export async function openNamedSources(
  grafts: Iterable<GraftEntry>,
  places: Readonly<Record<string, string>>,
  progress: UnpackProgress | null = null,
): Promise<GraftSources | Fault> {
  const names = new Set([...grafts].flatMap(({ source }) => source.ref ?? []))
  const texts = Object.entries(places).flatMap(([name, spec]) => (names.has(name) ? [`${name}=${spec}`] : []))
  return openGraftSources([HOST, ...texts], '/', progress)
}

/** The places of sources, those given as `NAME=SOURCE` before those that are recorded. */
export function placesWith(
  recorded: Readonly<Record<string, string>>,
  given: readonly string[],
  folder: string,
): Readonly<Record<string, string>> | Fault {
  const places = { ...recorded }
  for (const text of given) {
    const { name, spec } = placed(text, folder)
    if (name === null) {
      return faultAt('malformed', '--graft-from', null, `'${text}' has no name; say NAME=SOURCE, as grafts call it`)
    }
    places[name] = spec
  }
  return places
}

/** A source as a lock keeps it: relative paths would lead elsewhere from another folder. */
export function recordedSource(text: string, folder: string): string {
  if (text === HOST) return text
  const { name, spec } = placed(text, folder)
  return name === null ? spec : `${name}=${spec}`
}

function sourcesOf(
  order: readonly ('host' | Supply)[],
  opened: readonly (readonly [OpenedSource, string])[],
): GraftSources {
  const find = ({ kind, ref }: GraftEntry['source']): OpenedSource | null =>
    opened.find(([{ name, supply }]) => name === ref && supply.source.kind === kind)?.[0] ?? null
  return {
    order,
    places: Object.fromEntries(opened.map(([{ name }, spec]) => [name, spec])),
    tree: (source) => find(source)?.supply.tree ?? null,
    folder: (source) => find(source)?.folder ?? null,
  }
}

/** A path is made absolute; `oci:DIR` keeps its prefix. A path that exists is no name with a path behind it. */
function placed(text: string, folder: string): NamedSource {
  const named = /^([A-Za-z0-9][\w.+:@-]*)=(.+)$/s.exec(text)
  const isPath = named === null || isFolder(resolve(folder, text))
  const [name, spec] = isPath ? [null, text] : [named[1] ?? null, named[2] ?? '']
  if (!isPrefixed(spec)) return { name, spec: resolve(folder, spec) }
  const colon = spec.indexOf(':')
  return { name, spec: `${spec.slice(0, colon)}:${resolve(folder, spec.slice(colon + 1))}` }
}
