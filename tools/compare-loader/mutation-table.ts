/** Loader rules and how each is switched off in the code: the text that carries the rule, and what stands there instead. */

/** One rule switched off. */
export interface Mutation {
  /** What the loader would no longer do. */
  readonly rule: string
  /** Below src/. */
  readonly file: string
  /** Stands in the file exactly once. */
  readonly search: string
  readonly replacement: string
}

const MAP = 'loader/link-map.ts'
const DEPENDENCIES = 'loader/dependencies.ts'
const PROCESS = 'loader/process.ts'
const SESSION = 'loader/session.ts'
const SEARCHER = 'loader/searcher.ts'
const LISTS = 'loader/search-list.ts'
const ACCEPT = 'loader/accept.ts'
const TOKENS = 'loader/tokens.ts'
const START = 'loader/start.ts'
const VERSIONS = 'loader/versions.ts'
const ASSERTIONS = 'loader/assertions.ts'
const CACHE = 'system/cache.ts'
const LAYOUT = 'system/cache-layout.ts'
const SUBFOLDERS = 'system/subfolders.ts'

type Row = readonly [rule: string, file: string, search: string, replacement: string]

const ORDER: readonly Row[] = [
  [
    'objects are loaded breadth-first',
    DEPENDENCIES,
    'this.#tail.next = node\n    this.#tail = node',
    'this.#tail.next = node\n    this.#tail = node\n    node.done = true\n    this.expand(node)',
  ],
  ['a loaded soname answers', MAP, 'if (added.file.sonameId >= 0) this.#offer(added.file.sonameId, added)', ''],
  ['a name asked for before answers', MAP, "if (entry.how !== 'missing') this.#offer(nameId, entry)", ''],
  ['one file is one object', MAP, 'const same = this.#loadedAs(found.record.id)', 'const same = null'],
  ['one file answers to its further names', MAP, '      this.#name(same, nameId)\n', ''],
  ['a missing name stays missing', MAP, "if (entry.how !== 'missing') this.#offer", 'this.#offer'],
  [
    'the first requester fixes the chain',
    MAP,
    "if (known !== null) return { entry: known, how: 'loaded' }",
    "if (known !== null) {\n      if (known.file !== null) Object.assign(known, { chain: this.session.chain(known.file, from.chain) })\n      return { entry: known, how: 'loaded' }\n    }",
  ],
  ['a filter is loaded after its filtee', DEPENDENCIES, "if (need.kind === 'needed') this", 'if (true) this'],
  ['an auxiliary object may be broken', DEPENDENCIES, "if (need.kind === 'filter') return", 'return'],
  ['a filtee must load', DEPENDENCIES, "if (need.kind === 'filter') return", 'if (false) return'],
  ['a filtee moves before its filter', DEPENDENCIES, 'this.#map.moveBefore(entry, current.entry)', ''],
  ['the loader answers to its soname', PROCESS, 'if (soname !== null) map.alias(entry, soname)', ''],
  ['the program has no name', PROCESS, "known ? ['', path] : ['']", '[path]'],
  [
    'the program has no identity',
    PROCESS,
    "map.add(entry, known, known ? ['', path] : [''])",
    "map.add(entry, true, [''])",
  ],
  [
    'LD_PRELOAD comes before the preload file',
    PROCESS,
    '[...listed, ...session.setup.preload]',
    '[...session.setup.preload, ...listed]',
  ],
  ['LD_PRELOAD is loaded', PROCESS, '[...listed, ...session.setup.preload]', 'session.setup.preload'],
  ['the preload file is loaded', PROCESS, '[...listed, ...session.setup.preload]', 'listed'],
  ['LD_PRELOAD splits at colons', PROCESS, "?? '').split(/[ :]/)", "?? '').split(/[ ]/)"],
  ['a preload that is missing is forgotten', PROCESS, 'map.forgetLast()', 'break'],
  ['the loader has its place in the trace', PROCESS, 'const at = list.indexOf(interpreter)', 'const at = -1'],
  [
    'up to 2.40 an idle loader is left out of the trace',
    PROCESS,
    'isBefore(map.session.setup, 41) ? undefined : list.at(-1)',
    'list.at(-1)',
  ],
]

const SEARCH: readonly Row[] = [
  ['RPATH is inherited', SESSION, 'stages: [stage, ...above.stages]', 'stages: [stage]'],
  [
    'RUNPATH shuts out every RPATH',
    SESSION,
    'this.#scope([], libraryPath, file.runpath, file)',
    'this.#scope(chain.stages, libraryPath, file.runpath, file)',
  ],
  ['RUNPATH drops the RPATH beside it', SESSION, 'rpath: hasRunpath ? null : this', 'rpath: this'],
  [
    'an empty RUNPATH is a RUNPATH',
    SESSION,
    'object !== null && object.runpath !== null',
    "object !== null && object.runpath !== null && object.runpath !== ''",
  ],
  [
    'RUNPATH is not inherited',
    SESSION,
    'rpath: hasRunpath ? null : this.#runPath(object?.rpath ?? null, values)',
    'rpath: this.#runPath(object?.runpath ?? object?.rpath ?? null, values)',
  ],
  ['RUNPATH is searched', SESSION, "if (runpath !== null) stages.push(stage('runpath', runpath, file.path))", ''],
  [
    'LD_LIBRARY_PATH is searched',
    SESSION,
    "if (libraryPath !== null) stages.push(stage('library-path', libraryPath, null))",
    '',
  ],
  [
    'LD_LIBRARY_PATH comes before RUNPATH',
    SESSION,
    "if (libraryPath !== null) stages.push(stage('library-path', libraryPath, null))\n    if (runpath !== null) stages.push(stage('runpath', runpath, file.path))",
    "if (runpath !== null) stages.push(stage('runpath', runpath, file.path))\n    if (libraryPath !== null) stages.push(stage('library-path', libraryPath, null))",
  ],
  [
    'RPATH comes before LD_LIBRARY_PATH',
    SESSION,
    "if (libraryPath !== null) stages.push(stage('library-path', libraryPath, null))",
    "if (libraryPath !== null) stages.unshift(stage('library-path', libraryPath, null))",
  ],
  ['the cache is searched', SEARCHER, 'const cached = this.#inCache(scope, walk)', 'const cached = null'],
  [
    'the cache comes before system folders',
    SEARCHER,
    'const cached = this.#inCache(scope, walk)',
    "const early = scope.nodeflib || this.#defaults === null ? null : this.#inList(this.#defaults, 'default', null, walk)\n    if (early !== null) return early\n    const cached = this.#inCache(scope, walk)",
  ],
  [
    'system folders are those of the loader',
    SEARCHER,
    'this.lists.list(setup.systemFolders)',
    "this.lists.list(['/lib64/', '/usr/lib64/'])",
  ],
  ['NODEFLIB shuts out system folders', SEARCHER, 'if (!scope.nodeflib && this.#defaults', 'if (this.#defaults'],
  [
    'NODEFLIB shuts out the cache below system folders',
    SEARCHER,
    'if (scope.nodeflib && this.setup',
    'if (false && this.setup',
  ],
  [
    'NODEFLIB keeps the rest of the cache',
    SEARCHER,
    'if (scope.nodeflib && this.setup.systemFolders.some((folder) => hit.path.startsWith(folder)))',
    'if (scope.nodeflib)',
  ],
  [
    'a stale cache entry falls through',
    SEARCHER,
    "return typeof found === 'string' ? null : found",
    "return typeof found === 'string' ? { kind: 'missing', otherClass: false, errno: found } : found",
  ],
  [
    'subfolders come first',
    LISTS,
    'for (const subfolder of this.#setup.subfolders)',
    'for (const subfolder of [] as string[])',
  ],
  ['only levels of the processor count', SUBFOLDERS, '.slice(4 - cpu.level)', '.slice(0)'],
  [
    'up to 2.36 legacy subfolders count',
    SUBFOLDERS,
    'const legacy = atLeast(version, 2, 37) ? []',
    'const legacy = true ? []',
  ],
  [
    'from 2.37 on legacy subfolders do not count',
    SUBFOLDERS,
    'const legacy = atLeast(version, 2, 37) ? []',
    'const legacy = false ? []',
  ],
  [
    'up to 2.32 glibc-hwcaps does not count',
    SUBFOLDERS,
    'const modern = atLeast(version, 2, 33) ?',
    'const modern = true ?',
  ],
  ['an odd error ends the list', SEARCHER, "    return 'end-of-list'\n", '    return null\n'],
  [
    'an odd error ends the list alone',
    SEARCHER,
    "if (found === 'end-of-list') return null",
    "if (found === 'end-of-list') return { kind: 'missing', otherClass: false, errno: 'ELOOP' }",
  ],
  ['from 2.39 on ENOTDIR does not end the list', SEARCHER, "errno === 'ENOTDIR' && !isBefore(this.setup, 39)", 'false'],
  [
    'up to 2.38 ENOTDIR ends the list',
    SEARCHER,
    "errno === 'ENOTDIR' && !isBefore(this.setup, 39)",
    "errno === 'ENOTDIR'",
  ],
  [
    'a relative folder that loops ends the list',
    LISTS,
    "errno: name.startsWith('/') ? null : top.errno",
    'errno: null',
  ],
]

const ACCEPTANCE: readonly Row[] = [
  [
    'a wrong class is passed over',
    ACCEPT,
    "return { verdict: 'wrong-class', reason: 'incompatible ELF class' }",
    "return fatal('class')",
  ],
  [
    'a wrong machine is passed over',
    ACCEPT,
    "return { verdict: 'wrong-machine', reason: 'incompatible ELF machine' }",
    "return fatal('machine')",
  ],
  [
    'a file that is too short is fatal',
    ACCEPT,
    "return fatal('file too short')",
    "return { verdict: 'wrong-class', reason: null }",
  ],
  ['a text is fatal', ACCEPT, "return fatal('invalid ELF header')", "return { verdict: 'wrong-class', reason: null }"],
  [
    'a folder is fatal',
    SEARCHER,
    "if (entry.kind === 'folder') return { message: `${path}: cannot read file data: Is a directory` }",
    "if (entry.kind === 'folder') return { errno: 'ENOENT' }",
  ],
  [
    'a wrong byte order is fatal',
    ACCEPT,
    "return fatal(`ELF file data encoding not ${loader.data === ELFDATA2LSB ? 'little' : 'big'}-endian`)",
    "return { verdict: 'wrong-class', reason: null }",
  ],
  [
    'a wrong version of the identification is fatal',
    ACCEPT,
    "if (header.identVersion !== 1) return fatal('ELF file version ident does not match current one')",
    '',
  ],
  [
    'a wrong version of the file is fatal',
    ACCEPT,
    "if (header.version !== 1) return fatal('ELF file version does not match current one')",
    '',
  ],
  [
    'a foreign OSABI is fatal',
    ACCEPT,
    "if (header.osabi !== 0 && header.osabi !== 3) return fatal('ELF file OS ABI invalid')",
    '',
  ],
  ['GNU is an OSABI', ACCEPT, 'if (header.osabi !== 0 && header.osabi !== 3)', 'if (header.osabi !== 0)'],
  ['a foreign ABI version is fatal', ACCEPT, "if (!abiFits) return fatal('ELF file ABI version invalid')", ''],
  ['padding must be zero', ACCEPT, "return header.padded ? fatal('nonzero padding in e_ident') : null", 'return null'],
  [
    'only EXEC and DYN are loaded',
    ACCEPT,
    "if (header.type !== ET_DYN && header.type !== ET_EXEC) return fatal('only ET_DYN and ET_EXEC can be loaded')",
    '',
  ],
  [
    'program headers have their size',
    ACCEPT,
    'if (header.phentsize !== ENTRY_SIZE[wide]) return fatal("ELF file\'s phentsize not the expected size")',
    "if (header.phentsize !== ENTRY_SIZE[wide]) return { verdict: 'wrong-class', reason: null }",
  ],
  [
    'a program at a fixed address is no library',
    ACCEPT,
    "if (object.header.type !== ET_DYN && !asProgram) return 'cannot dynamically load executable'",
    '',
  ],
  ['a PIE is no library', ACCEPT, 'if ((object.flags1 & DF_1_PIE) !== 0 && !asProgram) {', 'if (false) {'],
  [
    'a library has a dynamic section',
    ACCEPT,
    "if (!object.dynamic && (object.header.type === ET_DYN || object.kind === 'debug')) {",
    'if (false) {',
  ],
  [
    'a link that leads nowhere is passed over',
    SEARCHER,
    'if (failed(entry)) return { errno: entry.errno }',
    "if (failed(entry)) return entry.errno === 'ENOENT' ? { message: path } : { errno: entry.errno }",
  ],
  ['up to 2.35 a newer kernel is passed over', ACCEPT, 'if (setup.checksKernel && demands', 'if (false && demands'],
  ['from 2.36 on the kernel does not count', ACCEPT, 'if (setup.checksKernel && demands', 'if (demands'],
  ['the program may demand any kernel', SEARCHER, "(asProgram && verdict === 'kernel-too-new' &&", '(false &&'],
  ['the ISA level is demanded', START, 'if ((needed & setup.isa) !== needed)', 'if (false)'],
  ['a missing version is an error', START, 'if (version !== undefined) return', 'if (false) return'],
  ['a weak version may be missing', START, 'errors.find(({ weak }) => !weak)', 'errors[0]'],
  ['an object without versions has all', VERSIONS, "if (!provider.hasVersionDefinitions) return 'unversioned'", ''],
  [
    'a version is demanded of a name that was asked for',
    ASSERTIONS,
    "throw new LoadError(inconsistency('dl-version.c', '_dl_check_map_versions', 'needed != NULL'))",
    'continue',
  ],
  ['DT_RELR wants its version', ASSERTIONS, 'if (relr && object', 'if (false && object'],
]

const STRINGS: readonly Row[] = [
  ['tokens may have braces', TOKENS, '\\{(ORIGIN|LIB|PLATFORM)\\}', '\\{(ORIGINX|LIBX|PLATFORMX)\\}'],
  ['a token ends where the identifier ends', TOKENS, '(?![A-Za-z0-9_])', ''],
  ['$LIB is the folder of the release', TOKENS, "token === 'LIB' ? values.lib :", "token === 'LIB' ? 'lib64' :"],
  ['$PLATFORM is the platform', TOKENS, ': values.platform', ": 'haswell'"],
  [
    'the origin of a program is its real folder',
    PROCESS,
    'folderOf(canonical ? record.file :',
    'folderOf(false ? record.file :',
  ],
  [
    'up to 2.41 a named program keeps its path',
    PROCESS,
    'const canonical = !direct || !isBefore(session.setup, 42)',
    'const canonical = true',
  ],
  [
    'the origin of a library is the folder it was opened by',
    SESSION,
    'origin ?? folderOf(this.searcher.lists.absolute(path))',
    'origin ?? folderOf(record.file)',
  ],
  [
    'a run path splits at colons alone',
    SESSION,
    'splitPathList(text, /:/, values)',
    'splitPathList(text, /[:;]/, values)',
  ],
  [
    'LD_LIBRARY_PATH splits at semicolons too',
    SESSION,
    'splitPathList(text, /[:;]/, values)',
    'splitPathList(text, /:/, values)',
  ],
  ['an empty element is the working folder', LISTS, "names.add('')\n      continue", 'continue'],
  [
    'relative folders start at the working folder',
    LISTS,
    "return `${this.#world.environment.folder.replace(/\\/$/, '')}/${path}`",
    'return `/${path}`',
  ],
  ['trailing slashes become one', LISTS, "const bare = expanded.replace(/\\/+$/, '')", 'const bare = expanded'],
  ['needs have tokens', SESSION, 'const name = expandTokens(need.name, values)', 'const name = need.name'],
  ['a need with a slash is not searched', MAP, 'const found = need.slash ?', 'const found = false ?'],
  [
    'a preload goes by its name as written',
    PROCESS,
    "kind: 'needed', name, nameId: session.nameId(name), slash",
    "kind: 'needed', name: expanded ?? name, nameId: session.nameId(expanded ?? name), slash",
  ],
  [
    'preloads have tokens',
    PROCESS,
    'const expanded = slash ? expandTokens(name, tokensOf(map, main)) : name',
    'const expanded = name',
  ],
]

const SETTINGS: readonly Row[] = [
  [
    'the old cache is read',
    LAYOUT,
    'return { bytes, view, little, count, entries: OLD_HEADER',
    'return null as never\n  return { bytes, view, little, count, entries: OLD_HEADER',
  ],
  [
    'the new cache inside the old one is read',
    LAYOUT,
    'return newLayout(bytes, view, embedded, little)',
    'return null',
  ],
  ['entries for other ABIs do not count', CACHE, '!ids.accepted.includes(entry.flags) || ', ''],
  [
    'glibc-hwcaps entries win',
    CACHE,
    'if (modern && extended && isNamed(entry)) {',
    'if (modern && extended && isNamed(entry)) continue\n    if (false) {',
  ],
  ['glibc-hwcaps entries of higher levels do not count', CACHE, 'if (rank === 0 || (best', 'if ((best'],
  ['legacy entries follow the processor', CACHE, 'if (allowed === null || (hwcap & ~allowed) !== 0n) return false', ''],
  ['entries are sorted with numbers', 'system/libcmp.ts', 'if (isDigit(a) && isDigit(b)) {', 'if (false) {'],
  ['a program names its loader', 'loader/sessions.ts', 'if (named !== null) return named', ''],
]

/** All of them, in the order of the rules. */
export const MUTATIONS: readonly Mutation[] = [...ORDER, ...SEARCH, ...ACCEPTANCE, ...STRINGS, ...SETTINGS].map(
  ([rule, file, search, replacement]) => ({ rule, file, search, replacement }),
)
