/** A first `base.yaml` for a tree, with comments that tell its reader what to prune. */
import { stringify } from 'yaml'
import {
  EM_386,
  EM_AARCH64,
  EM_ARM,
  EM_PPC64,
  EM_RISCV,
  EM_S390,
  EM_X86_64,
  ELFCLASS32,
  ELFCLASS64,
} from '../domain/object.ts'
import type { LoaderSetup, System } from '../domain/system.ts'
import { standardFolders } from '../domain/system.ts'
import { failed } from '../domain/tree.ts'
import { BASE_SCHEMA } from './base.ts'
import { isAlwaysCovered } from './covered.ts'
import { readLoaderConfiguration } from './ld-so-conf.ts'

/** Machines a base may be of, with the name its architecture has in packages. */
const MACHINES: readonly (readonly [string, number, number])[] = [
  ['x86_64', EM_X86_64, ELFCLASS64],
  ['aarch64', EM_AARCH64, ELFCLASS64],
  ['ppc64le', EM_PPC64, ELFCLASS64],
  ['s390x', EM_S390, ELFCLASS64],
  ['riscv64', EM_RISCV, ELFCLASS64],
  ['i686', EM_386, ELFCLASS32],
  ['armv7', EM_ARM, ELFCLASS32],
]

export interface InitOptions {
  /** What `root:` says: the tree's folder, best relative to the file; null leaves the line as a comment. */
  readonly root: string | null
  /** What `capture:` says, where the tree is one. */
  readonly capture?: string | null
}

/**
 * The text of a `base.yaml` that declares a tree as it is: every installed OS package with a library in a folder that
 * the loader searches, sorted by name. glibc and the run times of gcc are left out, for they are always allowed.
 */
export function initBase(system: System, options: InitOptions): string {
  const loader = findLoader(system)
  const packages = libraryPackages(system, loader?.setup ?? null)
  const id = system.os?.id ?? 'unknown'
  const version = system.os?.version ?? ''
  const line = (key: string, value: string): string => stringify({ [key]: value }, { lineWidth: 0 }).trimEnd()
  return [
    '# What the image of tomorrow provides, so that packages may rely on it.',
    `schema: ${BASE_SCHEMA}`,
    line('name', version === '' ? id : `${id}-${version}`),
    '',
    '# What a builder starts from, such as docker.io/library/debian:12.',
    '# image: NAME',
    '',
    '# A folder that holds the base, unpacked; a relative one starts at this file.',
    options.root === null ? '# root: FOLDER' : line('root', options.root),
    '# Or its capture, which is small enough to be kept beside this file: airtight base capture SRC -o FILE.',
    options.capture == null ? '# capture: FILE' : line('capture', options.capture),
    '',
    'os:',
    `  ${line('family', id)}`,
    `  ${stringify({ version }, { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' }).trimEnd()}`,
    `  ${line('arch', loader?.name ?? 'x86_64')}`,
    '',
    '# What packages may use without carrying it: exactly the libraries of these OS packages. A library of the base that',
    '# is not covered here is reported as picked up by accident. Loader, glibc, libgcc_s and libstdc++ are always allowed.',
    '# The list holds every installed package that has libraries: keep those your packages are meant to rely on.',
    'provides:',
    ...list('os_packages', packages),
    '  # Further sonames by name; * and ? are wildcards.',
    '  sonames: []',
    '',
    '# What comes with the driver of the machine and is not in the image: nvidia, amd, or sonames such as libcuda.so.1.',
    'drivers: []',
    '',
    '# The weakest processor the image must run on: x86-64, x86-64-v2, x86-64-v3 or x86-64-v4.',
    'cpu: x86-64',
    '',
  ].join('\n')
}

function list(key: string, names: readonly string[]): readonly string[] {
  return names.length === 0
    ? [`  ${key}: []`]
    : [`  ${key}:`, ...names.map((name) => `    - ${stringify(name).trimEnd()}`)]
}

function findLoader(system: System): { readonly name: string; readonly setup: LoaderSetup } | null {
  for (const [name, machine, elfClass] of MACHINES) {
    const setup = system.loader(null, machine, elfClass)
    if (setup !== null) return { name, setup }
  }
  return null
}

function libraryPackages(system: System, setup: LoaderSetup | null): readonly string[] {
  const { tree } = system
  const searched = new Set<string>()
  const configured = setup?.libc === 'glibc' ? readLoaderConfiguration(tree).folders : []
  for (const folder of [...standardFolders(setup), ...configured]) {
    const found = tree.lookup(folder)
    if (!failed(found)) searched.add(found.path)
  }
  const offers = (path: string): boolean => {
    const slash = path.lastIndexOf('/')
    const name = path.slice(slash + 1)
    return /^lib.*(?:\.so\.|-[\d.]+\.so$)/.test(name) && searched.has(path.slice(0, slash)) && !isAlwaysCovered(name)
  }
  const names = system.packages().map((item) => item.name)
  return [...new Set(names)].filter((name) => system.packageFiles(name).some(offers)).sort()
}
