/** One dynamic loader of a tree: everything about it that changes which file a name leads to. */
import type { Fault } from '../domain/fault.ts'
import { faultAt } from '../domain/fault.ts'
import type { ElfHeader, ElfReading } from '../domain/object.ts'
import type { Cpu, LoaderCache, LoaderSetup } from '../domain/system.ts'
import type { Tree } from '../domain/tree.ts'
import { failed } from '../domain/tree.ts'
import { readOpened } from '../elf/virtual.ts'
import { libraryFolder, multiarchName, standardLoaders } from './abi.ts'
import { openCache } from './cache.ts'
import { isaBits } from './cpu.ts'
import type { LoaderFacts } from './loader-file.ts'
import { readLibcVersion, readLoaderFile } from './loader-file.ts'
import { muslPath } from './musl.ts'
import { parsePreload } from './preload.ts'
import type { LibcVersion } from './subfolders.ts'
import { atLeast, loaderPlatform, loaderSubfolders } from './subfolders.ts'

const MAX_CACHE = 64 * 1024 * 1024
const MAX_PRELOAD = 1024 * 1024

/** What a loader is read from and for, and where its faults go. */
export interface SetupInput {
  readonly tree: Tree
  readonly cpu: Cpu
  readonly faults: Fault[]
  readonly notes: string[]
  /** Loaders that were read before, by name: programs name the one that is standard for their machine. */
  readonly opened: Map<string, LoaderSetup | null>
}

/**
 * The loader a program names, or for null the standard one of a machine and class.
 *
 * @param interpreter PT_INTERP; a relative one depends on the working folder and is not looked for
 * @returns null when the tree has no such file
 */
export function readSetup(
  input: SetupInput,
  interpreter: string | null,
  machine: number,
  elfClass: number,
): LoaderSetup | null {
  const names = interpreter === null ? standardLoaders(machine, elfClass) : [interpreter]
  for (const name of names) {
    const found = name.startsWith('/') ? input.tree.lookup(name) : null
    if (found === null || failed(found) || found.kind !== 'file') continue
    const known = input.opened.get(name)
    const setup = known === undefined ? openLoader(input, name, found.path) : known
    input.opened.set(name, setup)
    // Two machines share names such as /lib/ld.so.1: the standard loader must be of the machine asked for.
    const header = setup?.reading.header
    if (interpreter === null && (header?.machine !== machine || header.class !== elfClass)) continue
    if (setup !== null) return setup
  }
  return null
}

function openLoader(input: SetupInput, name: string, file: string): LoaderSetup | null {
  const source = input.tree.open(file)
  if (failed(source)) {
    input.faults.push(faultAt('unreadable', file, null, `cannot read the loader: ${source.errno}`))
    return null
  }
  try {
    const reading = readOpened(source, file)
    if (reading.object === null || reading.header === null) {
      input.faults.push(faultAt('malformed', file, null, `${name} should be a loader, but is no ELF file`))
      return null
    }
    const facts = readLoaderFile(source, reading, file)
    return facts.libc === 'musl'
      ? muslSetup(input, name, file, reading, facts)
      : glibcSetup(input, { name, file, reading, header: reading.header, facts })
  } finally {
    source.close()
  }
}

function muslSetup(
  input: SetupInput,
  name: string,
  file: string,
  reading: ElfReading,
  facts: LoaderFacts,
): LoaderSetup {
  return {
    libc: 'musl',
    path: name,
    file,
    reading,
    version: facts.version,
    evidence: 'loader-file',
    systemFolders: [],
    lib: '',
    platform: null,
    subfolders: [],
    cache: null,
    preload: [],
    muslPath: muslPath(input.tree, name, facts.muslMachine),
    isa: isaBits(input.cpu.level),
    checksKernel: false,
    kernel: input.cpu.kernel,
  }
}

interface GlibcLoader {
  readonly name: string
  readonly file: string
  readonly reading: ElfReading
  readonly header: ElfHeader
  readonly facts: LoaderFacts
}

function glibcSetup(input: SetupInput, loader: GlibcLoader): LoaderSetup {
  const { tree, cpu } = input
  const { header, facts, file } = loader
  const version = facts.version ?? libcVersion(tree, file)
  const told = facts.systemFolders.length > 0
  if (!told || version === null) {
    const unknown = [told ? null : 'system folders', version === null ? 'version' : null].filter(
      (part) => part !== null,
    )
    input.notes.push(
      `${file} does not tell its ${unknown.join(' and ')}: they are taken from what its machine usually has`,
    )
  }
  const systemFolders = told ? facts.systemFolders : defaultFolders(tree, header)
  return {
    libc: 'glibc',
    path: loader.name,
    file,
    reading: loader.reading,
    version,
    evidence: told && version !== null ? 'loader-file' : 'table',
    systemFolders,
    lib: facts.lib ?? defaultLib(systemFolders),
    platform: loaderPlatform(version, cpu, header.machine),
    subfolders: loaderSubfolders(version, cpu, header.machine),
    cache: readCache(input, facts.cache, header, version),
    preload: readPreload(input, facts.preload),
    muslPath: [],
    isa: isaBits(cpu.level),
    // NEWS of 2.36: the minimum kernel of NT_GNU_ABI_TAG is no longer looked at.
    checksKernel: version !== null && !atLeast(version, 2, 36),
    kernel: cpu.kernel,
  }
}

/** Before 2.35 the loader names no version: the C library beside it does. */
function libcVersion(tree: Tree, loader: string): LibcVersion | null {
  const file = `${loader.slice(0, loader.lastIndexOf('/'))}/libc.so.6`
  const source = tree.open(file)
  if (failed(source)) return null
  try {
    return readLibcVersion(source, readOpened(source, file))
  } finally {
    source.close()
  }
}

/** System folders by convention, for a loader file that does not tell: Debian's where they exist, else those of the machine. */
function defaultFolders(tree: Tree, header: ElfHeader): readonly string[] {
  const multiarch = multiarchName(header)
  if (multiarch !== null && !failed(tree.lookup(`/usr/lib/${multiarch}`))) {
    return [`/lib/${multiarch}/`, `/usr/lib/${multiarch}/`, '/lib/', '/usr/lib/']
  }
  const folder = libraryFolder(header)
  return [`/${folder}/`, `/usr/${folder}/`]
}

function defaultLib(folders: readonly string[]): string {
  const first = (folders[0] ?? '/lib/').split('/').filter((part) => part !== '')
  return first.at(-1)?.includes('-linux-gnu') === true ? first.slice(-2).join('/') : (first.at(-1) ?? 'lib')
}

function readCache(
  input: SetupInput,
  file: string,
  header: ElfHeader,
  version: LibcVersion | null,
): LoaderCache | null {
  const content = input.tree.content(file, MAX_CACHE)
  if (!failed(content)) return openCache(content, { header, version, cpu: input.cpu })
  if (content.errno !== 'ENOENT' && content.errno !== 'ENOTDIR') {
    input.faults.push(faultAt('unreadable', file, null, `cannot read the loader's cache: ${content.errno}`))
  }
  return null
}

function readPreload(input: SetupInput, file: string): readonly string[] {
  const content = input.tree.content(file, MAX_PRELOAD)
  if (!failed(content)) return parsePreload(content)
  if (content.errno !== 'ENOENT' && content.errno !== 'ENOTDIR') {
    input.faults.push(faultAt('unreadable', file, null, `cannot read the loader's preload list: ${content.errno}`))
  }
  return []
}
