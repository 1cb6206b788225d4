/** Starts the helper in Rez's Python and takes its answers: one process for all questions. */
import { spawn } from 'node:child_process'
import { basename, delimiter, join } from 'node:path'
import { accessSync, constants } from 'node:fs'
import { HELPER } from './helper.ts'
import { readAnswers } from './answer.ts'
import type { Parsed } from '../version/parse-error.ts'
import type { RezAnswers } from './answer.ts'

/** One context that Rez is asked for: a saved one, or requests. */
export interface Task {
  readonly rxt: string | null
  readonly requests: readonly string[]
  /** Repositories; null for those of Rez's configuration. */
  readonly paths: readonly string[] | null
  /** Null for those of Rez's configuration. */
  readonly implicit: readonly string[] | null
}

export interface RezCommand {
  /** `rez`, or a Python that has it; null looks for rez on PATH. */
  readonly program: string | null
  /** Files of a configuration for Rez, in place of the caller's. */
  readonly config: readonly string[]
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly timeoutMs: number
}

/** Bytes of the answers. */
const LIMIT = 128 * 1024 * 1024

/** The answers to the tasks, or in one line why there are none. */
export async function askRez(tasks: readonly Task[], command: RezCommand): Promise<Parsed<RezAnswers>> {
  const program = command.program ?? onPath('rez', command.environment['PATH'] ?? '')
  if (program === null) return { error: 'no rez on PATH; AIRTIGHT_REZ names one, or a Python that has it' }
  const inPython = /^(?:rez-)?python[\d.]*$/.test(basename(program))
  const args = [...(inPython ? ['-E'] : ['python']), '-c', HELPER]
  const { config, environment } = command
  const env = { ...environment, ...(config.length === 0 ? {} : { REZ_CONFIG_FILE: config.join(delimiter) }) }
  const result = await start(program, args, { env, input: JSON.stringify(tasks), timeoutMs: command.timeoutMs })
  if ('error' in result) return { error: `${program}: ${result.error}` }
  const answers = readAnswers(result.text, tasks.length)
  return 'error' in answers ? { error: `${program}: ${answers.error}` } : answers
}

interface Start {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly input: string
  readonly timeoutMs: number
}

function start(program: string, args: readonly string[], options: Start): Promise<Parsed<{ readonly text: string }>> {
  return new Promise((resolve) => {
    // A group of its own: rez starts its Python as a child, which has to end with it.
    const child = spawn(program, args, { env: options.env, stdio: ['pipe', 'pipe', 'pipe'], detached: true })
    const out: Buffer[] = []
    let size = 0
    let complaint = ''
    let ended: string | null = null
    const end = (reason: string): void => {
      ended ??= reason
      if (child.pid !== undefined) killGroup(child.pid)
    }
    const timer = setTimeout(() => {
      end(`gave no answer within ${Math.round(options.timeoutMs / 1000)} s`)
    }, options.timeoutMs)
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > LIMIT) end(`answered more than ${LIMIT} bytes`)
      else out.push(chunk)
    })
    child.stderr.on('data', (chunk: Buffer) => {
      complaint = (complaint + chunk.toString('utf8')).slice(-4096)
    })
    // A program that ends without reading closes the pipe; its exit says more.
    child.stdin.on('error', () => undefined)
    child.on('error', (error) => {
      clearTimeout(timer)
      resolve({ error: `cannot be started (${'code' in error ? String(error.code) : error.message})` })
    })
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      if (ended !== null) resolve({ error: ended })
      else if (code === 0) resolve({ text: Buffer.concat(out).toString('utf8') })
      else resolve({ error: `ended with ${signal ?? `code ${code ?? ''}`}${lastLine(complaint)}` })
    })
    child.stdin.end(options.input)
  })
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended already.
  }
}

function lastLine(text: string): string {
  const line = text.trim().split('\n').at(-1) ?? ''
  return line === '' ? '' : `: ${line}`
}

function onPath(name: string, path: string): string | null {
  for (const folder of path.split(delimiter)) {
    const file = join(folder, name)
    if (folder === '') continue
    try {
      accessSync(file, constants.X_OK)
      return file
    } catch {
      // Not in this folder.
    }
  }
  return null
}
