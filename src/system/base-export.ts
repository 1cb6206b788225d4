/** A declared base for the tools that make images and contexts: lines of a Containerfile, a Rez package, a plain list. */
import type { BaseDeclaration, OsPackage } from '../domain/system.ts'

export type ExportFormat = 'containerfile' | 'rez' | 'list'

export interface ExportOptions {
  readonly format: ExportFormat
  /** Versions by package name, to be pinned; null for whatever the repository has. */
  readonly versions: ReadonlyMap<string, OsPackage> | null
}

/** How one family installs packages: what comes before the names, what after, and how a version is pinned. */
interface Installer {
  readonly before: readonly string[]
  readonly after: readonly string[]
  readonly pin: (name: string, version: string) => string
}

const APT: Installer = {
  before: ['apt-get update', 'apt-get install -y --no-install-recommends'],
  after: ['rm -rf /var/lib/apt/lists/*'],
  pin: (name, version) => `${name}=${version}`,
}
const DNF: Installer = {
  before: ['dnf install -y'],
  after: ['dnf clean all'],
  // An epoch stands before the name: dnf(8), "Specifying packages".
  pin: (name, version) => `${name}-${version}`,
}
const YUM: Installer = { ...DNF, before: ['yum install -y'], after: ['yum clean all'] }
const APK: Installer = { before: ['apk add --no-cache'], after: [], pin: (name, version) => `${name}=${version}` }
const ZYPPER: Installer = {
  before: ['zypper --non-interactive install --no-recommends'],
  after: ['zypper clean --all'],
  pin: (name, version) => `${name}=${version}`,
}

/** Names and versions that no shell takes for anything else. */
const PLAIN = /^[A-Za-z0-9][A-Za-z0-9+._:~^-]*$/

/** The text of the export; a sentence where something in the declaration cannot be written. */
export function exportBase(
  declaration: BaseDeclaration,
  options: ExportOptions,
): string | { readonly problem: string } {
  const odd = [...declaration.osPackages].find((name) => !PLAIN.test(name))
  if (odd !== undefined) return { problem: `'${odd}' is no name of an OS package; correct provides.os_packages` }
  const packages = [...new Set(declaration.osPackages)].sort()
  if (options.format === 'list') return packages.map((name) => `${name}\n`).join('')
  if (options.format === 'rez') return rezPackage(declaration, packages)
  return containerfile(declaration, packages, options.versions)
}

function containerfile(
  declaration: BaseDeclaration,
  packages: readonly string[],
  versions: ReadonlyMap<string, OsPackage> | null,
): string | { readonly problem: string } {
  const installer = installerOf(declaration)
  if (installer === null) {
    return { problem: `no package manager is known for '${declaration.os?.family ?? ''}'; set os.family in the base` }
  }
  if (declaration.image !== null && !/^[\w./:@-]+$/.test(declaration.image)) {
    return { problem: `'${declaration.image}' is no name of an image; correct image in the base` }
  }
  const pinned = packages.map((name) => {
    const version = versions?.get(name)?.version ?? ''
    return version !== '' && PLAIN.test(version) ? installer.pin(name, version) : name
  })
  const from =
    declaration.image === null ? '# FROM IMAGE: name one with image: in the base' : `FROM ${declaration.image}`
  if (pinned.length === 0) return `${from}\n`
  return `${from}\nRUN ${installing(installer, pinned)}\n`
}

/**
 * The command of a POSIX shell that installs OS packages in a system of this family, over several lines.
 *
 * @returns null where no package manager is known for the family, or a name is none of an OS package
 */
export function installCommand(
  os: { readonly family: string; readonly version: string },
  names: readonly string[],
): string | null {
  const installer = installerOf({ os })
  return installer === null || !names.every((name) => PLAIN.test(name)) ? null : installing(installer, names)
}

function installing({ before, after }: Installer, names: readonly string[]): string {
  const install = [
    `${before.at(-1) ?? ''} \\`,
    ...names.map((name, i) => `      ${name}${i < names.length - 1 ? ' \\' : ''}`),
  ]
  return [...before.slice(0, -1), install.join('\n'), ...after].join(' \\\n && ')
}

function installerOf({
  os,
}: {
  readonly os: { readonly family: string; readonly version: string } | null
}): Installer | null {
  const family = os?.family ?? ''
  if (['debian', 'ubuntu', 'linuxmint'].includes(family)) return APT
  if (['rhel', 'centos', 'ol', 'scientific'].includes(family) && /^[67](?:\.|$)/.test(os?.version ?? '')) return YUM
  if (['rhel', 'centos', 'rocky', 'almalinux', 'ol', 'fedora', 'amzn'].includes(family)) return DNF
  if (family === 'alpine') return APK
  return family.startsWith('opensuse') || family === 'sles' ? ZYPPER : null
}

/** A package.py without payload: a context that requires it says on which base it relies. */
function rezPackage(declaration: BaseDeclaration, packages: readonly string[]): string {
  const name = declaration.name.replace(/[^A-Za-z0-9_]+/g, '_').replace(/^_+|_+$/g, '') || 'base'
  const version = (declaration.os?.version ?? '').replace(/[^A-Za-z0-9_.-]+/g, '_') || '1'
  const text = (value: string): string => `'${value.replace(/[\\']/g, String.raw`\$&`).replace(/[^\x20-\x7e]/g, '?')}'`
  return [
    `# What the base ${declaration.name.replace(/[^\x20-\x7e]/g, '?')} provides, as a package that contexts can require. It has no payload.`,
    `name = ${text(name)}`,
    `version = ${text(version)}`,
    `description = ${text(`OS packages that packages may rely on in ${declaration.image ?? declaration.name}`)}`,
    '',
    '# Names that start with an underscore are of no meaning to Rez.',
    '_os_packages = [',
    ...packages.map((item) => `    ${text(item)},`),
    ']',
    '_sonames = [',
    ...[...declaration.sonames].sort().map((item) => `    ${text(item)},`),
    ']',
    '',
    '',
    'def commands():',
    `    env.AIRTIGHT_BASE = ${text(declaration.name)}`,
    '',
  ].join('\n')
}
