/** Where results and talk go: whole writes to stdout or a renamed file, talk and one progress line to stderr. */
import {
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  closeSync,
  realpathSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { printable } from '../domain/bytes.ts'
import { systemCode } from '../domain/fault.ts'
import type { Style } from '../report/style.ts'
import { plainStyle } from '../report/style.ts'
import { UsageError } from './exit.ts'

export interface OutputOptions {
  /** Path of `-o`, null for stdout. */
  readonly file: string | null
  readonly quiet: boolean
  readonly noColor: boolean
}

/** The edge to terminal and disk of one run. */
export class Output {
  readonly quiet: boolean
  /** Columns to wrap the result at, null where it goes to a pipe or a file. */
  readonly width: number | null
  readonly #file: string | null
  readonly #noColor: boolean
  #progress = 0

  constructor(options: OutputOptions) {
    this.#file = options.file === '-' ? null : options.file
    this.quiet = options.quiet
    this.#noColor = options.noColor
    this.width = this.#file === null ? terminalWidth() : null
  }

  /** The colours of the result: those of a terminal, or none. */
  async style(): Promise<Style> {
    if (!this.#coloured()) return plainStyle
    const { colourStyle } = await import('./colour.ts')
    return colourStyle
  }

  /** Whether FORCE_COLOR, NO_COLOR, --no-color and the terminal together ask for colour. */
  #coloured(): boolean {
    const { NO_COLOR, FORCE_COLOR, TERM } = process.env
    if (this.#noColor) return false
    if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return FORCE_COLOR !== '0'
    if (NO_COLOR !== undefined && NO_COLOR !== '') return false
    return this.width !== null && TERM !== 'dumb'
  }

  /** Writes the whole result. */
  result(text: string | Uint8Array): void {
    this.clearProgress()
    if (this.#file === null) writeWhole(1, text)
    else replaceFile(this.#file, text)
  }

  /** One line on stderr for a person who watches: only on a terminal, and not under --quiet. */
  talk(line: string): void {
    if (!this.quiet && isTerminal(2)) this.#stderr(printable(line))
  }

  /** One line on stderr about what was decided for the user, silent under --quiet. */
  say(line: string): void {
    if (!this.quiet) this.#stderr(printable(line))
  }

  /** A note on stderr, with lines to paste below it where it brings some; silent under --quiet. */
  note(text: string): void {
    for (const line of `note: ${text}`.split('\n')) this.say(line)
  }

  /** One line on stderr about what went wrong; --quiet does not silence it. */
  error(line: string): void {
    this.#stderr(`error: ${printable(line)}`)
  }

  /** Shows one line of progress on a terminal, at most twelve times a second; nothing in a pipe. */
  progress(line: () => string): void {
    if (this.quiet || !isTerminal(2)) return
    const now = performance.now()
    if (this.#progress !== 0 && now - this.#progress < 80) return
    this.#progress = now
    const columns = Math.max(20, process.stderr.columns || 80)
    writeWhole(2, `\r\x1b[K${printable(line()).slice(0, columns - 1)}`)
  }

  clearProgress(): void {
    if (this.#progress === 0) return
    this.#progress = 0
    writeWhole(2, '\r\x1b[K')
  }

  #stderr(line: string): void {
    this.clearProgress()
    writeWhole(2, `${line}\n`)
  }
}

/** Major number of /dev/null and its like (Linux, devices.txt). */
const MEMORY_DEVICES = 1

/** Whether a descriptor is a terminal. node:tty, which brings all of net, is loaded only for what could be one. */
function isTerminal(descriptor: number): boolean {
  try {
    const status = fstatSync(descriptor)
    if (!status.isCharacterDevice() || status.rdev >> 8 === MEMORY_DEVICES) return false
  } catch {
    // Closed by who started us.
    return false
  }
  return process.getBuiltinModule('node:tty').isatty(descriptor)
}

/** Columns of the terminal that stdout is, null for a pipe or a file. */
export function terminalWidth(): number | null {
  return isTerminal(1) ? Math.max(40, process.stdout.columns || 80) : null
}

/**
 * Writes all of it before it returns, however slow the reader; a reader that has gone is no error, nor is a stderr that
 * takes nothing, for nobody is left to be told.
 *
 * @throws UsageError where stdout takes no more, as on a full disk
 */
export function writeWhole(descriptor: number, text: string | Uint8Array): void {
  const bytes = typeof text === 'string' ? Buffer.from(text, 'utf8') : text
  const chunk = 1 << 20
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(descriptor, bytes, at, Math.min(chunk, bytes.length - at))
    } catch (error) {
      const code = systemCode(error)
      if (code === 'EPIPE') return
      if (code === 'EAGAIN') pause()
      else if (code !== null && descriptor === 2) return
      else if (code !== null && descriptor === 1) throw new UsageError(`cannot write to stdout (${code})`)
      else throw error
    }
  }
}

/** Waits a moment for a pipe that another process made non-blocking and that is full. */
function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2)
}

/** Puts `text` in place of `file` at once: written beside it and renamed. Pipes and devices are written through. */
export function replaceFile(file: string, text: string | Uint8Array): void {
  try {
    const target = behindLink(resolve(file))
    const kind = kindOf(target)
    if (kind === 'folder') throw new UsageError(`${printable(file)} is a folder`, 'name a file with -o')
    if (kind === 'other') writeThrough(target, text)
    else writeBeside(target, text)
  } catch (error) {
    if (error instanceof UsageError) throw error
    const code = systemCode(error)
    if (code === null) throw error
    throw new UsageError(`cannot write ${printable(file)} (${code})`, 'nothing was written')
  }
}

function writeThrough(target: string, text: string | Uint8Array): void {
  const descriptor = openSync(target, 'w')
  try {
    writeWhole(descriptor, text)
  } finally {
    closeSync(descriptor)
  }
}

function writeBeside(target: string, text: string | Uint8Array): void {
  mkdirSync(dirname(target), { recursive: true })
  const beside = join(dirname(target), `.${basename(target)}.${process.pid}.part`)
  try {
    const descriptor = openSync(beside, 'wx')
    try {
      writeWhole(descriptor, text)
    } finally {
      closeSync(descriptor)
    }
    renameSync(beside, target)
  } catch (error) {
    rmSync(beside, { force: true })
    throw error
  }
}

function behindLink(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

function kindOf(path: string): 'absent' | 'file' | 'folder' | 'other' {
  try {
    const status = lstatSync(path)
    if (status.isDirectory()) return 'folder'
    return status.isFile() ? 'file' : 'other'
  } catch {
    return 'absent'
  }
}
