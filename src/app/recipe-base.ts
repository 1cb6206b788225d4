/** What an engine begins an image with: the base, as the engine names it. */
import { existsSync, realpathSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Fault } from '../domain/fault.ts'
import { faultAt } from '../domain/fault.ts'
import type { Bootstrap } from '../image/recipe/apptainer.ts'
import { readBaseFile } from '../system/base.ts'
import { isLayout, isPrefixed, placeOf, prefixOf } from '../system/source-kind.ts'

export interface EngineBase {
  /** As the user named it. */
  readonly label: string
  /** Reference of an image, with its transport where it is a file; null for a root folder. */
  readonly image: string | null
  /** A root folder; null for an image. */
  readonly root: string | null
  /** OS packages that a declared base promises. */
  readonly osPackages: readonly string[]
  readonly os: { readonly family: string; readonly version: string } | null
}

export interface BaseChoice {
  /** As `--base` takes it. */
  readonly spec: string
  /** As `--from` takes it; null where the base tells. */
  readonly from: string | null
  readonly folder: string
}

/** A reference that no line of a recipe takes for anything else. */
const REFERENCE = /^[A-Za-z0-9][\w./:@+-]*$/

/** The image or folder to begin with, or what is missing to know it. */
export function engineBase({ spec, from, folder }: BaseChoice): EngineBase | Fault {
  const found = declared(spec, folder) ?? undeclared(spec, folder)
  if ('message' in found) return found
  const image = from ?? found.image
  if (image !== null && !REFERENCE.test(image)) {
    return faultAt('malformed', image, null, 'is no name of an image: letters, digits and ._-/:@+ were expected')
  }
  if (image === null && found.root === null) {
    return faultAt('missing', spec, null, 'names no image to begin with; name it with --from IMAGE')
  }
  return { ...found, image, root: from === null ? found.root : null }
}

function declared(spec: string, folder: string): EngineBase | Fault | null {
  if (!/\.ya?ml$/.test(spec)) return null
  const base = readBaseFile(resolve(folder, spec))
  if (!('declaration' in base)) return base[0] ?? faultAt('malformed', spec, null, 'is no declared base')
  const { image, osPackages, os } = base.declaration
  return { label: spec, image, root: image === null ? base.root : null, osPackages, os }
}

function undeclared(spec: string, folder: string): EngineBase {
  const nothing = { label: spec, image: null, root: null, osPackages: [], os: null }
  const prefix = isPrefixed(spec) ? prefixOf(spec) : null
  if (prefix !== null) {
    const { path, reference } = placeOf(prefix.rest, true)
    return { ...nothing, image: `${prefix.kind}:${resolve(folder, path)}${reference === null ? '' : `:${reference}`}` }
  }
  const path = resolve(folder, spec)
  if (!existsSync(path) || !statSync(path).isDirectory()) return nothing
  return isLayout(path) ? { ...nothing, image: `oci:${path}` } : { ...nothing, root: realpathSync(path) }
}

/** The same for a definition file. */
export function bootstrapOf({ image, root, label }: EngineBase): Bootstrap | Fault {
  if (image === null) {
    if (root !== null && !root.includes('\n')) return { agent: 'localimage', from: root }
    return faultAt('unsupported', label, null, 'has a name that no definition file can hold')
  }
  const [, agent, rest] = /^(oci|docker-archive|oci-archive):(.*)$/.exec(image) ?? []
  if (agent === 'oci' || agent === 'docker-archive' || agent === 'oci-archive') return { agent, from: rest ?? '' }
  return { agent: 'docker', from: image }
}
