/**
 * `base diff` beside a listing that shares nothing with it: `diff.ts ROOT_A ROOT_B`. Sonames come from readelf over the
 * folders that ld.so itself names, owners from the lists of dpkg.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, realpathSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'

const PROGRAM = resolve(import.meta.dirname, '../../bin/airtight.js')
const FOLDERS = ['lib/x86_64-linux-gnu', 'usr/lib/x86_64-linux-gnu', 'lib', 'usr/lib']

interface Found {
  readonly owner: string | null
  readonly versions: readonly string[]
}

interface Diff {
  readonly gone: readonly { readonly soname: string }[]
  readonly bumped: readonly { readonly soname: string; readonly now: readonly { readonly soname: string }[] }[]
  readonly new: readonly { readonly soname: string }[]
  readonly moved: readonly { readonly soname: string; readonly a: string; readonly b: string }[]
  readonly versions: readonly {
    readonly soname: string
    readonly lost: readonly string[]
    readonly won: readonly string[]
  }[]
}

/** Owners by real path, out of the lists of dpkg. */
function owners(root: string): ReadonlyMap<string, string> {
  const info = join(root, 'var/lib/dpkg/info')
  const out = new Map<string, string>()
  for (const list of readdirSync(info)
    .filter((name) => name.endsWith('.list'))
    .sort()) {
    for (const line of readFileSync(join(info, list), 'utf8').split('\n')) {
      if (!line.includes('.so') || !existsSync(join(root, line))) continue
      const cut = line.lastIndexOf('/')
      const real = join(realpathSync(join(root, line.slice(0, cut))), line.slice(cut + 1))
      if (!out.has(real)) out.set(real, (list.split(/[:]|\.list$/)[0] ?? '').trim())
    }
  }
  return out
}

/** Sonames that lie under their own name in a folder of the loader, by readelf. */
function sonames(root: string): ReadonlyMap<string, Found> {
  const owned = owners(root)
  const out = new Map<string, Found>()
  for (const folder of FOLDERS) {
    const full = join(root, folder)
    if (!existsSync(full)) continue
    for (const name of readdirSync(full)) {
      if (!name.includes('.so') || out.has(name) || !existsSync(join(full, name))) continue
      const file = realpathSync(join(full, name))
      const text = spawnSync('readelf', ['-dVW', file], { encoding: 'utf8', maxBuffer: 1 << 28 }).stdout
      if (!text.includes('Dynamic section')) continue
      const soname = /\(SONAME\)\s+Library soname: \[(.*)\]/.exec(text)?.[1] ?? name
      if (soname !== name) continue
      const definitions = /Version definition section[^]*?(?=\n\n|$)/.exec(text)?.[0] ?? ''
      const versions = [...definitions.matchAll(/Rev: \d+ {2}Flags: (\S+).*Name: (\S+)/g)]
        .filter(([, flags = '']) => flags !== 'BASE')
        .map(([, , version = '']) => version)
      out.set(name, { owner: owned.get(file) ?? null, versions })
    }
  }
  return out
}

function sorted(lines: readonly string[]): readonly string[] {
  return [...new Set(lines)].sort()
}

function report(what: string, ours: readonly string[], theirs: readonly string[]): boolean {
  const missing = theirs.filter((line) => !ours.includes(line))
  const extra = ours.filter((line) => !theirs.includes(line))
  console.log(`  ${what}: ${ours.length}${missing.length + extra.length === 0 ? ', the same' : ' DIFFERENT'}`)
  for (const line of missing.slice(0, 10)) console.log(`    only in the listing: ${line}`)
  for (const line of extra.slice(0, 10)) console.log(`    only in base diff: ${line}`)
  return missing.length + extra.length === 0
}

const [a = '', b = ''] = process.argv.slice(2)
const text = execFileSync(process.execPath, [PROGRAM, 'base', 'diff', a, b, '--format', 'json'], { encoding: 'utf8' })
const diff = JSON.parse(text) as Diff
const left = sonames(a)
const right = sonames(b)
console.log(`${basename(a)} -> ${basename(b)}: ${left.size} and ${right.size} sonames by readelf`)
const both = [...left.keys()].filter((name) => right.has(name))
const nodes = (name: string, from: Found | undefined, to: Found | undefined): readonly string[] =>
  (from?.versions ?? []).filter((node) => to?.versions.includes(node) !== true).map((node) => `${name} ${node}`)
const checks = [
  report(
    'sonames that only the first has (gone or bumped)',
    sorted([...diff.gone, ...diff.bumped].map(({ soname }) => soname)),
    sorted([...left.keys()].filter((name) => !right.has(name))),
  ),
  report(
    'sonames that only the second has (new, or the other end of a bump)',
    sorted([...diff.new, ...diff.bumped.flatMap(({ now }) => now)].map(({ soname }) => soname)),
    sorted([...right.keys()].filter((name) => !left.has(name))),
  ),
  report(
    'bumped: the same library under a new number',
    sorted(diff.bumped.map(({ soname }) => soname)),
    sorted(
      [...left.keys()].filter(
        (name) =>
          !right.has(name) &&
          [...right.keys()].some((other) => !left.has(other) && other.split('.so')[0] === name.split('.so')[0]),
      ),
    ),
  ),
  report(
    'moved to another OS package',
    sorted(diff.moved.map((item) => `${item.soname} ${item.a} ${item.b}`)),
    sorted(
      both.flatMap((name) => {
        const [from, to] = [left.get(name)?.owner ?? null, right.get(name)?.owner ?? null]
        return from === null || to === null || from === to ? [] : [`${name} ${from} ${to}`]
      }),
    ),
  ),
  report(
    'version nodes lost',
    sorted(diff.versions.flatMap(({ soname, lost }) => lost.map((node) => `${soname} ${node}`))),
    sorted(both.flatMap((name) => nodes(name, left.get(name), right.get(name)))),
  ),
  report(
    'version nodes won',
    sorted(diff.versions.flatMap(({ soname, won }) => won.map((node) => `${soname} ${node}`))),
    sorted(both.flatMap((name) => nodes(name, right.get(name), left.get(name)))),
  ),
]
process.exitCode = checks.every(Boolean) ? 0 : 1
