/** Where grafts come from beside the host: other bases, images and packages, as `--graft-from` or a lock names them. */
import { resolve } from 'node:path'
import type { Fault } from '../domain/fault.ts'
import { faultAt } from '../domain/fault.ts'
import type { GraftEntry } from '../domain/repair.ts'
import type { Tree } from '../domain/tree.ts'
import type { Supply } from '../repair/supply.ts'
import { isPrefixed, placeOf, prefixOf } from '../system/source-kind.ts'
import { statusAt } from '../tree/status.ts'
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
  const asked = [...new Set(texts)].map((text) => (text === HOST ? HOST : placed(text, folder)))
  return openAll(asked, progress)
}

async function openAll(
  asked: readonly ('host' | NamedSource)[],
  progress: UnpackProgress | null,
): Promise<GraftSources | Fault> {
  const order: ('host' | Supply)[] = []
  const opened: (readonly [OpenedSource, string])[] = []
  for (const one of asked) {
    if (one === HOST) {
      order.push(HOST)
      continue
    }
    const { spec } = one
    const { openGraftSource } = await import('./graft-source.ts')
    const source = await openGraftSource(one, progress)
    if ('message' in source) return source
    if (source.name === HOST || opened.some(([other]) => other.name === source.name)) {
      const message = `two sources of grafts would be called ${source.name}; give this one another name: NAME=${spec}`
      return faultAt('malformed', spec, null, message)
    }
    opened.push([source, spec])
    order.push(source.supply)
  }
  return sourcesOf(order, opened)
}

/**
 * The sources that some grafts name, opened at their places; one that has no place is not known.
 *
 * @param places by name, each absolute, as {@link GraftSources.places} and {@link placesWith} give them
 */
export async function openNamedSources(
  grafts: Iterable<GraftEntry>,
  places: Readonly<Record<string, string>>,
  progress: UnpackProgress | null = null,
): Promise<GraftSources | Fault> {
  const names = namesOf(grafts)
  const named = Object.entries(places).flatMap(([name, spec]) => (names.has(name) ? [{ name, spec }] : []))
  return openAll([HOST, ...named], progress)
}

/** The recorded places that are still there: the plan may have been made on another machine. */
export function presentPlaces(recorded: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(recorded).filter(([, spec]) => {
      const image = prefixOf(spec)
      return statusAt(image === null ? spec : placeOf(image.rest, true).path) !== null
    }),
  )
}

/**
 * The places of sources, those given as `NAME=SOURCE` before those that are recorded and still there; a fault for one
 * without a name, or with one that no graft bears.
 *
 * @param folder where relative paths of those that are given start
 */
export function placesWith(
  grafts: Iterable<GraftEntry>,
  recorded: Readonly<Record<string, string>>,
  given: readonly string[],
  folder: string,
): Readonly<Record<string, string>> | Fault {
  const places = { ...presentPlaces(recorded) }
  const names = namesOf(grafts)
  for (const text of given) {
    const { name, spec } = placed(text, folder)
    if (name === null) {
      return faultAt('malformed', '--graft-from', null, `'${text}' has no name; say NAME=SOURCE, as grafts call it`)
    }
    if (!names.has(name)) {
      const known = names.size === 0 ? 'all come from the host' : `they come from ${[...names].sort().join(', ')}`
      return faultAt('malformed', '--graft-from', null, `no graft comes from a source called ${name}: ${known}`)
    }
    places[name] = spec
  }
  return places
}

function namesOf(grafts: Iterable<GraftEntry>): ReadonlySet<string> {
  return new Set([...grafts].flatMap(({ source }) => source.ref ?? []))
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

/** A path is made absolute; `oci:DIR` keeps its prefix. What is there, or says what it is, is no name with a path behind it. */
function placed(text: string, folder: string): NamedSource {
  const named = /^([^/=]+)=(.+)$/s.exec(text)
  const isPath = named === null || isPrefixed(text) || statusAt(resolve(folder, text)) !== null
  const [name, spec] = isPath ? [null, text] : [named[1] ?? null, named[2] ?? '']
  if (!isPrefixed(spec)) return { name, spec: resolve(folder, spec) }
  const colon = spec.indexOf(':')
  return { name, spec: `${spec.slice(0, colon)}:${resolve(folder, spec.slice(colon + 1))}` }
}
