/** Where the payload of a variant lies (`_subpath` and `_root` of `src/rez/package_resources.py`). */
import { createHash } from 'node:crypto'
import { posix } from 'node:path'
import { isFault } from './files.ts'
import type { PackageFiles } from './files.ts'
import type { Variant } from './requires.ts'

/** The folder of a variant below its package, without looking at the disk; empty for a package without variants. */
export function variantSubpath(variant: Variant, hashed: boolean): string {
  if (variant.index === null) return ''
  const levels = variant.requires.requirements.map((requirement) => requirement.text)
  return hashed ? variantHash(levels) : levels.join('/')
}

/**
 * sha1, in hex, of the list of canonical requirements as Python prints it. No requirement can hold a quote, a
 * backslash or anything but ASCII, so that each prints in single quotes.
 */
export function variantHash(levels: readonly string[]): string {
  return createHash('sha1')
    .update(`[${levels.map((level) => `'${level}'`).join(', ')}]`)
    .digest('hex')
}

/**
 * `{root}` of a variant whose package lies at `base`. A hashed variant is reached through its short link where there is
 * one in the folder `shortlinks` (Rez's `variant_shortlinks_dirname`; null where it uses none): one listing, and one
 * question for each link before it.
 */
export async function variantRoot(
  base: string,
  variant: Variant,
  hashed: boolean,
  files: PackageFiles,
  shortlinks: string | null,
): Promise<string> {
  const subpath = variantSubpath(variant, hashed)
  if (subpath === '') return base
  const root = `${base}/${subpath}`
  if (!hashed || variant.index === null || shortlinks === null) return root
  return (await shortLink(`${base}/${shortlinks}`, root, files)) ?? root
}

/** The folders of other variants that lie inside this one's: `zlib-1.2/!foo` inside `zlib-1.2`. Sorted. */
export function nestedVariants(
  base: string,
  variant: Variant,
  all: readonly Variant[],
  hashed: boolean,
): readonly string[] {
  if (hashed || variant.index === null) return []
  const root = join(base, variantSubpath(variant, hashed))
  const roots = all.map((other) => join(base, variantSubpath(other, hashed)))
  return [...new Set(roots.filter((other) => other.startsWith(`${root}/`)))].sort()
}

async function shortLink(folder: string, root: string, files: PackageFiles): Promise<string | null> {
  const entries = await files.list(folder)
  if (isFault(entries)) return null
  for (const entry of entries) {
    if (entry.kind !== 'link') continue
    const target = await files.link(`${folder}/${entry.name}`)
    if (target === null) continue
    const absolute = target.startsWith('/') ? target : posix.normalize(`${folder}/${target}`)
    if (absolute === root) return `${folder}/${entry.name}`
  }
  return null
}

function join(base: string, subpath: string): string {
  return subpath === '' ? base : `${base}/${subpath}`
}
