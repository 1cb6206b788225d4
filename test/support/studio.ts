/** A small studio on disk from a declaration: Rez payloads, a host, a base, and the context that joins them. */
import { join } from 'node:path'
import type { Audit, Finding } from '../../src/domain/audit.ts'
import type { Context, OverwrittenEntry, Package } from '../../src/domain/context.ts'
import type { BaseDeclaration, System } from '../../src/domain/system.ts'
import { auditContexts } from '../../src/app/audit-contexts.ts'
import { HOST_ALONE } from '../../src/app/graft-sources.ts'
import { applyRepairs } from '../../src/app/repair-applied.ts'
import type { NamedRepair } from '../../src/repair/environment.ts'
import { driversWith } from '../../src/rules/knowledge/lookup.ts'
import { GRAFT_ROOT } from '../../src/repair/paths.ts'
import type { Policy } from '../../src/policy/policy.ts'
import { defaultPolicy } from '../../src/policy/policy.ts'
import { cpuOfLevel } from '../../src/system/cpu.ts'
import { openSystem } from '../../src/system/open.ts'
import { openFolderTree } from '../../src/tree/folder.ts'
import { compareObserved } from '../../src/runtime/compare.ts'
import { buildElf } from './elf/build.ts'
import type { ElfSpec } from './elf/spec.ts'
import type { Content } from './system/folder.ts'
import type { StudioRun } from './observed.ts'
import { observationOf } from './observed.ts'
import { fillFolder, makeFolder } from './system/folder.ts'
import { writeLoader } from './system/loader-image.ts'

/** What stands at a path: an ELF file by its declaration, or anything a folder may hold. */
export type StudioFile = { readonly elf: ElfSpec } | Content

export interface StudioPackage {
  readonly requires?: readonly string[]
  readonly variant?: { readonly index: number; readonly requires: readonly string[] }
  readonly buildRequires?: readonly string[]
  readonly privateBuildRequires?: readonly string[]
  readonly tools?: readonly string[]
  readonly pluginFor?: readonly string[]
  /** Folders put on LD_LIBRARY_PATH, relative to the payload; default `lib` where there is one. */
  readonly libraryPath?: readonly string[]
  /** Folders put on PATH; default `bin`. */
  readonly path?: readonly string[]
  /** Other variables, values relative to the payload. */
  readonly environment?: Readonly<Record<string, string>>
  /** Other variables, values as they are; `{root}` is the payload. */
  readonly variables?: Readonly<Record<string, string>>
  readonly excluded?: readonly string[]
  /** Further payload roots, absolute. */
  readonly payload?: readonly string[]
  readonly files: Readonly<Record<string, StudioFile>>
}

/** An edit of a repair file by hand: `from` must be there. */
export interface Edit {
  readonly file: string
  readonly from: string
  readonly to: string
}

/**
 * In run paths and text files of packages, `{repository}` stands for the folder of the repository.
 */
export interface StudioSpec {
  /** By `NAME-VERSION`, in the order of the context. */
  readonly packages: Readonly<Record<string, StudioPackage>>
  /** Other files of the repository: versions that are not in the context. */
  readonly repository?: Readonly<Record<string, StudioFile>>
  /** Files beside loader and C library; null: no such system. */
  readonly host?: Readonly<Record<string, StudioFile>> | null
  readonly base?: Readonly<Record<string, StudioFile>> | null
  /** Release of the base's C library, default 2.36 as that of the host. */
  readonly baseGlibc?: string
  readonly provides?: {
    readonly osPackages?: readonly string[]
    readonly sonames?: readonly string[]
    readonly drivers?: readonly string[]
  }
  /** What the configuration of the base's image sets. */
  readonly baseEnvironment?: Readonly<Record<string, string>>
  /** What later packages threw off search paths; `{repository}` is filled in. */
  readonly overwritten?: readonly OverwrittenEntry[]
  readonly policy?: Partial<Policy>
  readonly purpose?: 'audit' | 'lint'
  /** Default 2026-01-01. */
  readonly today?: string
  /** What a program of the studio was seen to load. */
  readonly observed?: StudioRun
  /** Repair files laid over the worlds. */
  readonly repairs?: (context: Context, host: System | null) => readonly NamedRepair[]
  /** Repairs that were planned for another studio and edited since, to be planned again for this one. */
  readonly replanned?: { readonly first: StudioSpec; readonly edits: readonly Edit[] }
}

export const INTERPRETER = '/lib64/ld-linux-x86-64.so.2'
const LIBRARIES = 'usr/lib/x86_64-linux-gnu'
const SYSTEM_FOLDERS = ['/lib/x86_64-linux-gnu/', '/usr/lib/x86_64-linux-gnu/', '/lib/', '/usr/lib/']

/** A library with a soname, as `lib('libtiff.so.6', 'libz.so.1')`. */
export function lib(soname: string, ...needs: string[]): StudioFile {
  return { elf: { soname, needs, buildId: buildIdOf(soname) } }
}

/** The same library as another build of it. */
export function otherLib(soname: string, ...needs: string[]): StudioFile {
  return { elf: { soname, needs, buildId: buildIdOf(`other ${soname}`) } }
}

/** A program. */
export function program(...needs: string[]): StudioFile {
  return { elf: { type: 'exec', interpreter: INTERPRETER, needs } }
}

/** A path of a library in a system's own library folder. */
export function inSystem(name: string): string {
  return `${LIBRARIES}/${name}`
}

function buildIdOf(text: string): string {
  return Buffer.from(text.padEnd(20, '.').slice(0, 20)).toString('hex')
}

function contents(files: Readonly<Record<string, StudioFile>>, repository = ''): Record<string, Content> {
  const fill = (text: string): string => text.replaceAll('{repository}', repository)
  return Object.fromEntries(
    Object.entries(files).map(([path, file]): [string, Content] => {
      if (typeof file === 'string') return [path, fill(file)]
      if (file === null || !('elf' in file)) return [path, file]
      const { rpath, runpath } = file.elf
      const paths = {
        ...(rpath === undefined ? {} : { rpath: fill(rpath) }),
        ...(runpath === undefined ? {} : { runpath: fill(runpath) }),
      }
      return [path, buildElf({ ...file.elf, ...paths })]
    }),
  )
}

/** A root file system with a loader, a C library and the given files. */
export function systemFolder(files: Readonly<Record<string, StudioFile>>, glibc = '2.36'): string {
  return makeFolder({
    'lib64/ld-linux-x86-64.so.2': writeLoader({
      strings: [...SYSTEM_FOLDERS, `ld.so (GNU libc) stable release version ${glibc}.`],
    }),
    lib: { link: 'usr/lib' },
    'usr/bin/env': 'env',
    'bin/sh': 'sh',
    [inSystem('libc.so.6')]: buildElf({ soname: 'libc.so.6' }),
    ...contents(files),
  })
}

/** Files of a package, or of anything else, in a new folder. */
export function studioFolder(files: Readonly<Record<string, StudioFile>>): string {
  return makeFolder(contents(files))
}

/** A studio on disk, opened: its context and its systems. */
export interface OpenedStudio {
  readonly context: Context
  readonly host: System | null
  readonly base: System | null
  readonly policy: Policy
}

/** Writes a declared studio and opens it: real files, no part replaced. */
export function openStudio(spec: StudioSpec): OpenedStudio {
  const repository = makeFolder({})
  fillFolder(repository, contents(spec.repository ?? {}, repository))
  for (const [id, item] of Object.entries(spec.packages)) {
    const files = contents({ 'package.py': 'name = "x"', ...item.files }, repository)
    fillFolder(join(repository, folderOf(id, item)), files)
  }
  const policy: Policy = { ...defaultPolicy, ...spec.policy }
  const host = spec.host === null ? null : openRoot(spec.host ?? {}, 'host', null)
  const base =
    spec.base === null
      ? null
      : {
          ...openRoot(spec.base ?? {}, 'base', declarationOf(spec), spec.baseGlibc),
          environment: new Map(Object.entries(spec.baseEnvironment ?? {})),
        }
  return { context: contextOf(spec, repository), host, base, policy }
}

/** Audits a declared studio: real files, the real loader model, no part replaced. */
export function auditStudio(spec: StudioSpec): Audit {
  const { context, host, base, policy } = openStudio(spec)
  const { repairs, observed } = spec
  const applying = {
    filesFor: (item: Context) => repairs?.(item, host) ?? [],
    index: null,
    graftRoot: GRAFT_ROOT,
    sources: HOST_ALONE,
    preference: ['grafts' as const],
    never: new Set<never>(),
    drivers: driversWith(policy),
  }
  return auditContexts([context], {
    options: { purpose: spec.purpose ?? 'audit', progress: null, today: spec.today ?? '2026-01-01' },
    repairs: repairs === undefined ? null : applyRepairs(applying),
    observed:
      observed === undefined
        ? null
        : (audit) => {
            const repository = audit.context.packages[0]?.repository ?? ''
            return compareObserved(audit, observed.world ?? 'host', observationOf(observed, repository))
          },
    policy,
    systems: { host, base, notes: [] },
    notes: [],
  })
}

/** The findings of one rule. */
export function findingsOf(rule: string, spec: StudioSpec): readonly Finding[] {
  return auditStudio(spec).findings.filter((finding) => finding.rule === rule)
}

/** Findings of one rule in short: `PACKAGE SUBJECT severity`. */
export function verdicts(rule: string, spec: StudioSpec): readonly string[] {
  return findingsOf(rule, spec).map((finding) => `${finding.package ?? '-'} ${finding.subject} ${finding.severity}`)
}

function openRoot(
  files: Readonly<Record<string, StudioFile>>,
  label: string,
  declaration: BaseDeclaration | null,
  glibc?: string,
): System {
  return openSystem(openFolderTree(systemFolder(files, glibc)), { label, cpu: cpuOfLevel(1), declaration })
}

function declarationOf(spec: StudioSpec): BaseDeclaration | null {
  if (spec.provides === undefined) return null
  const { osPackages = [], sonames = [], drivers = [] } = spec.provides
  return { name: 'declared-1', image: null, os: null, osPackages, sonames, drivers, cpu: 1 }
}

function folderOf(id: string, item: StudioPackage): string {
  const dash = id.indexOf('-')
  const folder = dash < 0 ? id : join(id.slice(0, dash), id.slice(dash + 1))
  return item.variant === undefined ? folder : join(folder, ...item.variant.requires)
}

function contextOf(spec: StudioSpec, repository: string): Context {
  const items = Object.entries(spec.packages)
  const variables = new Map<string, { value: string; package: string }[]>()
  for (const [id, item] of items) {
    const root = join(repository, folderOf(id, item))
    const put = (name: string, folder: string): void => {
      const value = folder.startsWith('/') ? folder : join(root, folder)
      variables.set(name, [...(variables.get(name) ?? []), { value, package: id }])
    }
    for (const folder of item.libraryPath ?? defaultLibraryPath(item)) put('LD_LIBRARY_PATH', folder)
    for (const folder of item.path ?? ['bin']) put('PATH', folder)
    for (const [name, folder] of Object.entries(item.environment ?? {})) put(name, folder)
    for (const [name, value] of Object.entries(item.variables ?? {})) {
      const entry = { value: value.replaceAll('{root}', root), package: id }
      variables.set(name, [...(variables.get(name) ?? []), entry])
    }
  }
  return {
    name: 'studio',
    requests: [],
    packages: items.map(([id, item]) => packageOf(id, item, repository)),
    environment: {
      variables: [...variables].sort().map(([name, entries]) => ({ name, entries, separator: ':' })),
      aliases: [],
      overwritten: (spec.overwritten ?? []).map((entry) => ({
        ...entry,
        value: entry.value.replaceAll('{repository}', repository),
      })),
    },
    unevaluated: [],
    faults: [],
    notes: [],
  }
}

function defaultLibraryPath(item: StudioPackage): readonly string[] {
  return Object.keys(item.files).some((path) => path.startsWith('lib/')) ? ['lib'] : []
}

function packageOf(id: string, item: StudioPackage, repository: string): Package {
  const dash = id.indexOf('-')
  const root = join(repository, folderOf(id, item))
  const base = item.variant === undefined ? root : join(root, ...item.variant.requires.map(() => '..'))
  return {
    name: dash < 0 ? id : id.slice(0, dash),
    version: dash < 0 ? '' : id.slice(dash + 1),
    variant: item.variant?.index ?? null,
    variantRequires: item.variant?.requires ?? [],
    requires: [...(item.requires ?? []), ...(item.variant?.requires ?? [])],
    buildRequires: item.buildRequires ?? [],
    privateBuildRequires: item.privateBuildRequires ?? [],
    tools: item.tools ?? [],
    ...(item.pluginFor === undefined ? {} : { pluginFor: item.pluginFor }),
    repository,
    definition: join(base, 'package.py'),
    base,
    root,
    payload: [root, ...(item.payload ?? [])],
    excluded: (item.excluded ?? []).map((folder) => join(root, folder)),
    unevaluated: [],
  }
}
