/** Reads what glibc's loader writes under LD_DEBUG=files,libs (elf/dl-load.c, dl-open.c, dl-init.c): who asked for what, and what was opened. */
import type { ObservedHow, ObservedLoad, ObservedProcess } from '../domain/observed.ts'

/** `     8737:\tTEXT`; every line bears the pid, also where forked children share the file of their parent. */
const LINE = /^ *(\d{1,10}):\t(.*)$/s
const ASKED = /^file=(.*) \[(\d+)\]; {2}(needed|dynamically loaded) by (.*) \[\d+\]$/s
const MAPPED = /^file=(.*) \[(\d+)\]; {2}generating link map$/s
const DROPPED = /^file=(.*) \[(\d+)\]; {2}destroying link map$/s
const FIND = /^find library=(.*) \[(\d+)\]; searching$/s
const SEARCH_PATH = /^ search path=(.*)\t\t\((.*)\)$/s
const SEARCH_CACHE = ' search cache='
const TRYING = /^ {2}trying file=(.*)$/s
const OPENED = /^opening file=(.*) \[\d+\]; direct_opencount=(\d+)$/s
const INIT = /^calling (?:pre)?init: (.*)$/s
const INTERPRETER = /\/ld[^/]*\.so(?:\.\d+)*$/
const STARTS = /^(initialize program|transferring control): (.*)$/s

/** Requests of one trace; what a log holds beyond is counted. */
const MOST_LOADS = 1_000_000

interface Request {
  readonly name: string
  /** dlmopen: another list of objects than the program's. */
  readonly apart: boolean
  /** Null under LD_DEBUG=libs, which does not tell who asked nor how. */
  readonly by: string | null
  readonly opened: boolean | null
  how: ObservedHow | null
  /** The last candidate, and how many of the section were tried. */
  tried: string | null
  count: number
  /** Folders of the section that is searched; 0 for the cache. */
  folders: number
  /** The section is the system's own list: the last one. */
  last: boolean
}

/** One program as its lines come in. */
interface Image {
  readonly pid: number
  /** argv[0]: what the loader calls the main program (DSO_FILENAME). */
  name: string | null
  running: boolean
  readonly loads: ObservedLoad[]
  /** Paths and names that are loaded, those of the process that it was forked from among them. */
  readonly loaded: Map<string, string>
  pending: Request | null
  /** The process it was forked from, whose file it shares and whose libraries it has. */
  readonly parent: number | null
}

/** Takes lines of one log in their order; holds nothing but what was loaded. */
export class TraceReader {
  /** Lines that are none of the loader's, as of a program that shared its stderr with the trace. */
  foreign = 0
  /** The loader's lines. */
  own = 0
  /** Requests that were dropped because there were too many. */
  dropped = 0
  #loads = 0
  readonly #done: Image[] = []
  readonly #live = new Map<number, Image>()
  /** The program that wrote last: a fork writes into the file of its parent. */
  #latest: Image | null = null

  /** One line without its line feed. */
  line(text: string): void {
    const match = LINE.exec(text)
    if (match === null) {
      if (text !== '') this.foreign += 1
      return
    }
    this.own += 1
    const body = match[2] ?? ''
    if (body !== '') this.#event(Number(match[1]), body)
  }

  /** What was seen, program by program in the order of their starts; forks that loaded nothing are left out. */
  finish(): readonly ObservedProcess[] {
    for (const image of this.#live.values()) settle(image, 'ended')
    const all = [...this.#done, ...this.#live.values()]
    this.#live.clear()
    return all
      .filter((image) => image.loads.length > 0 || (image.parent === null && image.name !== null))
      .map(({ pid, parent, name, loads }) => ({
        pid,
        parent,
        name: name ?? '',
        program: null,
        source: 'trace',
        loads,
      }))
  }

  #event(pid: number, body: string): void {
    const asked = ASKED.exec(body)
    if (asked !== null) {
      this.#ask(pid, asked)
      return
    }
    const find = FIND.exec(body)
    if (find !== null) {
      this.#find(pid, find[1] ?? '', find[2] !== '0')
      return
    }
    const image = this.#image(pid)
    const mapped = MAPPED.exec(body)
    if (mapped !== null) {
      this.#map(image, mapped[1] ?? '')
      return
    }
    if (search(image, body)) return
    this.#other(pid, image, body)
  }

  #ask(pid: number, match: RegExpExecArray): void {
    const [, name = '', list, verb, by = ''] = match
    const apart = list !== '0'
    const opened = verb !== 'needed'
    let image = this.#image(pid)
    settle(image, 'asked')
    if (!opened && !apart && this.#startsAnew(image, name, by)) image = this.#begin(pid)
    if (!opened && !image.running && image.name === null && !image.loaded.has(by)) image.name = by
    this.#pend(image, { name, apart, by, opened })
  }

  /** LD_DEBUG=libs alone begins with this line. */
  #find(pid: number, name: string, apart: boolean): void {
    let image = this.#image(pid)
    if (image.pending?.name === name && image.pending.by !== null) return
    settle(image, 'asked')
    if (!apart && image.running && image.loaded.has(name)) image = this.#begin(pid)
    this.#pend(image, { name, apart, by: null, opened: null })
  }

  #pend(image: Image, asked: Pick<Request, 'name' | 'apart' | 'by' | 'opened'>): void {
    if (this.#loads >= MOST_LOADS) {
      this.dropped += 1
      return
    }
    this.#loads += 1
    const path = asked.name.includes('/')
    const search = { how: path ? 'path' : null, tried: path ? asked.name : null, count: 0, folders: 0 } as const
    image.pending = { ...asked, ...search, last: false }
  }

  /** exec writes on in the same file: the new program asks for what the old one had, or is one that nobody knew. */
  #startsAnew(image: Image, name: string, by: string): boolean {
    if (!image.running) return false
    const known = by === image.name || image.loaded.has(by)
    return !known || image.loaded.has(name)
  }

  #map(image: Image, name: string): void {
    const request = image.pending
    image.pending = null
    if (request?.name !== name) return
    add(image, request, request.tried, 'loaded')
  }

  #other(pid: number, image: Image, body: string): void {
    const opened = OPENED.exec(body)
    if (opened !== null) {
      const file = opened[1] ?? ''
      const request = image.pending
      if (request === null || !isAnswer(request, file)) settle(image, 'asked')
      else {
        image.pending = null
        add(image, request, file, 'again')
      }
      return
    }
    const init = INIT.exec(body)
    if (init !== null) {
      settle(image, 'started')
      complete(image, init[1] ?? '')
      return
    }
    const starts = STARTS.exec(body)
    if (starts !== null) {
      settle(image, 'started')
      const name = starts[2] ?? ''
      const next = starts[1] === 'initialize program' && image.running ? this.#begin(pid) : image
      next.name ??= name
      next.running = true
      return
    }
    const dropped = DROPPED.exec(body)
    if (dropped !== null) forget(image, dropped[1] ?? '')
  }

  #image(pid: number): Image {
    const known = this.#live.get(pid)
    if (known !== undefined) {
      this.#latest = known
      return known
    }
    return this.#begin(pid)
  }

  /** Whose file it is: the program that wrote last, or the one that this was forked from. */
  #owner(): Image | null {
    const { parent = null } = this.#latest ?? {}
    return parent === null ? this.#latest : (this.#live.get(parent) ?? this.#latest)
  }

  /** A pid that is new to the file is a fork of the one before; one that is known has started another program. */
  #begin(pid: number): Image {
    const before = this.#live.get(pid)
    if (before !== undefined) {
      settle(before, 'ended')
      this.#done.push(before)
    }
    const parent = before === undefined ? this.#owner() : null
    const image: Image = {
      pid,
      name: parent?.name ?? null,
      running: parent?.running ?? false,
      loads: [],
      loaded: new Map(parent?.loaded ?? []),
      pending: null,
      parent: parent?.pid ?? null,
    }
    this.#live.set(pid, image)
    this.#latest = image
    return image
  }
}

/** Lines of a search; whether this was one. */
function search(image: Image, body: string): boolean {
  const request = image.pending
  const path = SEARCH_PATH.exec(body)
  if (path !== null) {
    if (request === null) return true
    const why = path[2] ?? ''
    request.how = howOf(why)
    request.folders = path[1] === '' ? 0 : (path[1] ?? '').split(':').length
    request.last = request.how === 'default'
    request.count = 0
    return true
  }
  if (body.startsWith(SEARCH_CACHE)) {
    if (request !== null) Object.assign(request, { how: 'cache', folders: 0, last: false, count: 0 })
    return true
  }
  const trying = TRYING.exec(body)
  if (trying === null) return false
  if (request !== null) {
    request.tried = trying[1] ?? ''
    request.count += 1
  }
  return true
}

/** The words in brackets behind a search path (elf/dl-load.c, `print_search_path` and its callers). */
function howOf(words: string): ObservedHow {
  if (words.startsWith('RPATH')) return 'rpath'
  if (words.startsWith('RUNPATH')) return 'runpath'
  if (words.startsWith('LD_LIBRARY_PATH')) return 'library-path'
  return words.startsWith('system search path') ? 'default' : 'other'
}

/**
 * Closes a request that brought no new object: the file that was found is loaded already under another name, or nothing
 * was found. At the start the loader goes on only when it found everything, so that what was tried last tells.
 */
function settle(image: Image, when: 'asked' | 'started' | 'ended'): void {
  const request = image.pending
  if (request === null) return
  image.pending = null
  // LD_DEBUG=libs alone has no line that tells of success.
  if (request.by === null) {
    const file = isExhausted(request) ? null : request.tried
    add(image, request, file, file === null ? 'missing' : 'loaded')
    return
  }
  const missing = request.opened === true || when === 'ended' || isExhausted(request)
  add(image, request, missing ? null : request.tried, missing ? 'missing' : 'again')
}

/** Whether the search came to its end: the system's own folders are the last that are tried. */
function isExhausted({ tried, last, count, folders, how }: Request): boolean {
  return tried === null || (last && count >= folders) || (how === 'cache' && count === 0)
}

/** Whether `opening file=` is about this request: a dlopen of what is loaded already writes no request of its own. */
function isAnswer(request: Request, file: string): boolean {
  return request.opened === true && !isExhausted(request) && stem(request.name) === stem(file)
}

function stem(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const at = name.indexOf('.so')
  return at < 0 ? name : name.slice(0, at)
}

function add(image: Image, request: Request, file: string | null, outcome: ObservedLoad['outcome']): void {
  const { name, by, opened, how } = request
  image.loads.push({
    name,
    file,
    by: by === image.name ? null : by,
    opened,
    how: outcome === 'missing' ? null : how,
    outcome,
  })
  if (outcome === 'missing') return
  if (!request.apart) image.loaded.set(name, file ?? name)
  if (file !== null) image.loaded.set(file, file)
}

/**
 * An initialiser bears the path of its object. That completes a request whose search was not traced (LD_DEBUG=files), and
 * is all that LD_DEBUG=libs tells of what was opened by its path.
 */
function complete(image: Image, path: string): void {
  if (image.loaded.has(path) || path === image.name || INTERPRETER.test(path)) return
  const base = path.slice(path.lastIndexOf('/') + 1)
  const at = image.loads.findIndex((load) => load.file === null && load.outcome === 'loaded' && load.name === base)
  const load = image.loads[at]
  if (load !== undefined) image.loads[at] = { ...load, file: path }
  else if (image.loads.every(({ opened }) => opened === null)) {
    image.loads.push({ name: path, file: path, by: null, opened: null, how: 'path', outcome: 'loaded' })
  } else return
  image.loaded.set(base, path)
  image.loaded.set(path, path)
}

/** dlclose: the next request for it loads it anew. The line bears the path; older loaders the name. */
function forget(image: Image, name: string): void {
  for (const [key, file] of image.loaded) if (key === name || file === name) image.loaded.delete(key)
}
