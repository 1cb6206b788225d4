/** Starts a command in our place: its stdio is ours, signals reach it, and its exit code becomes ours. */
import type { StdioOptions } from 'node:child_process'
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { Readable } from 'node:stream'
import { isatty } from 'node:tty'
import { errorCode } from '../domain/fault.ts'

/** What the shells say of a command that cannot be started (POSIX, XCU 2.8.2). */
const EXIT_NOT_FOUND = 127
const EXIT_NOT_EXECUTABLE = 126

/** How a command ended. */
export interface Ended {
  /** Its exit code, or 128 and the number of the signal that ended it, as shells say it. */
  readonly code: number
  readonly signal: string | null
  /** Why it could not be started; null when it was. */
  readonly failure: string | null
  readonly pid: number | null
}

/** A terminal sends these to the whole group itself; sent by a person to us alone they are passed on. */
const FROM_TERMINAL: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT']
const PASSED_ON: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGCONT', 'SIGWINCH']

export interface PassOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Called with the pid once it runs. */
  readonly started?: (pid: number) => void
  /** Lines of JSON that the program writes to descriptor 3. */
  readonly status?: (line: string) => void
  /** The process that gets our signals, where the program does not hand them on. */
  readonly signalled?: () => number | null
}

/** Runs a program to its end. */
export function passThrough(program: string, args: readonly string[], options: PassOptions): Promise<Ended> {
  return new Promise((resolve) => {
    const onTerminal = isatty(0)
    const pass = (signal: NodeJS.Signals): void => {
      if (onTerminal && FROM_TERMINAL.includes(signal)) return
      const other = options.signalled?.() ?? null
      if (other === null) child.kill(signal)
      else send(other, signal)
    }
    const signals = [...FROM_TERMINAL, ...PASSED_ON]
    const unhear = (): void => {
      for (const signal of signals) process.off(signal, pass)
    }
    // Before the start: the program may answer, and be sent a signal for it, sooner than we run on. Signals are handed to
    // us between two turns of the loop, and then there is a child.
    for (const signal of signals) process.on(signal, pass)
    const child = started(program, args, options, unhear)
    if (options.status !== undefined) readLines(child.stdio[3], options.status)
    const end = (ended: Omit<Ended, 'pid'>): void => {
      unhear()
      resolve({ ...ended, pid: child.pid ?? null })
    }
    child.once('error', (error) => {
      // A signal that could not be sent is no end.
      if (child.pid === undefined) end(failedStart(program, error))
    })
    if (child.pid !== undefined) options.started?.(child.pid)
    // Not before its descriptors are closed: what it wrote to them counts.
    child.once('close', (code, signal) => {
      const number = signal === null ? 0 : constants.signals[signal]
      end({ code: code ?? 128 + number, signal, failure: null })
    })
  })
}

/** @throws where the arguments cannot be handed on at all, after `failed` */
function started(
  program: string,
  args: readonly string[],
  { env, status }: PassOptions,
  failed: () => void,
): ReturnType<typeof spawn> {
  try {
    const stdio = ['inherit', 'inherit', 'inherit', ...(status === undefined ? [] : ['pipe'])] as StdioOptions
    return spawn(program, [...args], { stdio, env })
  } catch (error) {
    failed()
    throw error
  }
}

/** A process that has ended meanwhile needs no signal. */
function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // Gone.
  }
}

function readLines(stream: unknown, line: (text: string) => void): void {
  if (!(stream instanceof Readable)) return
  let rest = ''
  stream.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString('utf8')).split('\n')
    rest = lines.pop() ?? ''
    for (const text of lines) line(text)
  })
}

function failedStart(program: string, error: Error): Omit<Ended, 'pid'> {
  const code = errorCode(error)
  const missing = code === 'ENOENT'
  return {
    code: missing ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE,
    signal: null,
    failure: missing ? `${program}: command not found` : `${program}: cannot be started (${code})`,
  }
}
