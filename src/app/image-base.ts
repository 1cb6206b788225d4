/** What an image begins with: a root folder, whose files become a layer, or an image, whose layers are passed through. */
import { realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Fault } from '../domain/fault.ts'
import { faultAt } from '../domain/fault.ts'
import { readBaseFile } from '../system/base.ts'
import { isLayout, isPrefixed } from '../system/source-kind.ts'
import { isFolder, statusAt } from '../tree/status.ts'

/** A base whose files can be had. */
export type BaseFiles =
  | { readonly kind: 'folder'; readonly path: string; readonly name: string }
  /** `spec` as `--base` takes it: `oci:DIR:TAG`, a folder or file that is an image. */
  | { readonly kind: 'image'; readonly spec: string; readonly name: string }

/** What an image begins with; `elsewhere`: an engine has the files, and they are not read. */
export type BaseSource = BaseFiles | { readonly kind: 'elsewhere'; readonly name: string }

/** Finds the files behind a source of a system. A capture or a built-in base tells of files and has none: a fault. */
export function baseSource(spec: string, folder: string): BaseFiles | Fault {
  if (isPrefixed(spec)) return { kind: 'image', spec, name: nameOf(spec) }
  const path = resolve(folder, spec)
  const status = statusAt(path)
  if (status === null) return noFiles(spec, 'has no files to begin an image with')
  if ('message' in status) return status
  if (/\.ya?ml$/.test(spec)) return declaredSource(path)
  if (!status.isDirectory() || isLayout(path)) return fileSource(path, spec)
  if (realpathSync(path) === '/') return noFiles(spec, 'is the running machine')
  return { kind: 'folder', path: realpathSync(path), name: nameOf(path) }
}

function fileSource(path: string, spec: string): BaseFiles | Fault {
  if (isFolder(path)) return { kind: 'image', spec: `oci:${path}`, name: nameOf(path) }
  if (/\.tar(?:\.gz)?$/.test(path)) return { kind: 'image', spec: `docker-archive:${path}`, name: nameOf(path) }
  return noFiles(spec, 'is no root folder and no image')
}

function declaredSource(path: string): BaseFiles | Fault {
  const base = readBaseFile(path)
  if (!('declaration' in base)) return base[0] ?? noFiles(path, 'is no declared base')
  const { declaration, root } = base
  if (root === null || !isFolder(root)) {
    return noFiles(path, 'names no root folder that is there')
  }
  return { kind: 'folder', path: realpathSync(root), name: declaration.name }
}

function noFiles(spec: string, why: string): Fault {
  return faultAt(
    'unsupported',
    spec,
    null,
    `${why}; name an unpacked root, oci:DIR[:TAG], docker-archive:FILE, or a declared base with root:`,
  )
}

/** The name of a base for labels and plans. */
export function nameOf(spec: string): string {
  return spec.replace(/\/+$/, '').split('/').at(-1) ?? spec
}
