/** A system for a person: what its loader is, where it searches, what a declared base lets packages rely on. */
import { printable } from '../domain/bytes.ts'
import type { Style } from './style.ts'
import { some } from './layout.ts'
import type { FoundLibrary, SystemFacts } from './system.ts'

/** One fact in each line. */
export function systemText(system: SystemFacts, style: Style): string {
  const lines: string[] = [style.strong(printable(system.label)), fact('os', system.os?.name ?? 'unknown')]
  for (const loader of system.loaders) {
    const version = loader.version === null ? 'of unknown version' : loader.version
    const from = loader.evidence === 'table' ? ' (from a table: its file does not tell)' : ''
    lines.push(
      fact('loader', `${loader.path}, ${loader.libc} ${version}${from}`),
      fact('searches', loader.folders.join(' ')),
      fact('cache', loader.cache ? 'ld.so.cache' : 'none'),
    )
    const subfolders = loader.subfolders.filter((folder) => folder !== '')
    if (subfolders.length > 0) lines.push(fact('below', `${some(subfolders, 6)} first`))
    if (loader.preload.length > 0) lines.push(fact('preloads', loader.preload.join(' ')))
  }
  if (system.loaders.length === 0) lines.push(style.missing(fact('loader', 'none for x86-64, AArch64 or i386')))
  lines.push(...declaredLines(system.declared), ...system.notes.map((note) => fact('note', note)))
  if (system.found !== undefined) lines.push(...foundLines(system.found))
  return `${lines.join('\n')}\n`
}

/** The libraries that a search found, with the last of their version nodes. */
function foundLines(found: readonly FoundLibrary[]): readonly string[] {
  if (found.length === 0) return ['', '  no library fits']
  const lines = found.map(({ soname, path, package: owner, versions }) => {
    const nodes = versions.length === 0 ? '' : `, up to ${versions.at(-1) ?? ''}`
    return `  ${printable(`${soname}  ${path} (${owner ?? 'no OS package'}${nodes})`)}`
  })
  return ['', ...lines]
}

function declaredLines(declared: SystemFacts['declared']): readonly string[] {
  if (declared === null) return [fact('declared', 'no: packages may rely on all it contains')]
  const { os_packages: packages, sonames, drivers } = declared
  return [
    fact('declared', declared.name),
    ...(declared.image === null ? [] : [fact('image', declared.image)]),
    fact('cpu', declared.cpu),
    fact('provides', packages.length === 0 ? 'no OS package' : some(packages, 12)),
    ...(sonames.length === 0 ? [] : [fact('', some(sonames, 12))]),
    ...(drivers.length === 0 ? [] : [fact('drivers', some(drivers, 12))]),
  ]
}

function fact(name: string, text: string): string {
  return `  ${name.padEnd(9)} ${printable(text)}`
}
