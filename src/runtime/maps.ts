/** Reads the text of /proc/PID/maps (proc_pid_maps(5)): the files that a process has in its memory as objects. */
import type { ObservedLoad, ObservedProcess } from '../domain/observed.ts'

const LINE = /^[0-9a-f]+-[0-9a-f]+ ([r-][w-][x-][sp-]) [0-9a-f]+ [0-9a-f]+:[0-9a-f]+ \d+ *(.*)$/s
const DELETED = ' (deleted)'
const MOST_FILES = 100_000

/** Takes the lines of one map. */
export class MapReader {
  /** Lines that are none of a map. */
  foreign = 0
  own = 0
  readonly #files = new Map<string, boolean>()

  /** One line without its line feed. */
  line(text: string): void {
    const match = LINE.exec(text)
    if (match === null) {
      if (text !== '') this.foreign += 1
      return
    }
    this.own += 1
    const [, access = '', name = ''] = match
    const path = unescaped(name)
    // [heap], [vdso], anon_inode: and the like are no files.
    if (!path.startsWith('/') || this.#files.size >= MOST_FILES) return
    const executes = access[2] === 'x'
    this.#files.set(path, (this.#files.get(path) ?? false) || executes)
  }

  /**
   * The process as its map shows it, null where there was none. Its objects are the files of which a part may be
   * executed, and those whose names are of libraries: a library of data alone has no such part.
   *
   * @param program the path of its executable; null takes the first object, which the kernel puts lowest
   */
  finish(pid: number | null, program: string | null): ObservedProcess | null {
    const objects = [...this.#files].filter(([path, executes]) => executes || /\.so(?:\.|$)/.test(path))
    const [first] = objects
    if (this.own === 0) return null
    const known = program ?? (first !== undefined && !/\.so(?:\.|$)/.test(first[0]) ? first[0] : null)
    const loads = objects
      .filter(([path]) => path !== known)
      .map(([path]): ObservedLoad => ({ name: path, file: path, by: null, opened: null, how: null, outcome: 'loaded' }))
    return { pid, parent: null, name: known ?? '', program: known, source: 'maps', loads }
  }
}

/** The kernel writes a line feed in a name as \012, and marks names that are gone. */
function unescaped(path: string): string {
  const name = path.endsWith(DELETED) ? path.slice(0, -DELETED.length) : path
  return name.replaceAll('\\012', '\n')
}
