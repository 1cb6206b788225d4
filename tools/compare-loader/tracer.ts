/** Runs real loaders through trace.py and reads what they print. */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** One run of a loader inside a root. */
export interface TraceJob {
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly cwd?: string
}

/** The runs inside one root. */
export interface TraceWork {
  readonly root: string
  /** Folders of this machine bound into the root. */
  readonly mounts?: readonly (readonly [source: string, at: string])[]
  /** Bind /proc into the root. */
  readonly proc?: boolean
  readonly jobs: readonly TraceJob[]
}

/** Exit status (negative for a signal, null when it could not be started), standard output, standard error. */
export type TraceResult = readonly [status: number | null, out: string, err: string]

/** What a loader's trace says, in its own order; a null path is "not found". */
export interface LoaderAnswer {
  readonly loaded: readonly (readonly [name: string, path: string | null])[]
  /** The line that ended the trace before it printed anything. */
  readonly error: string | null
  /** One line for each complaint about symbols and versions, sorted; with LD_WARN only. */
  readonly complaints?: readonly string[]
}

const SCRIPT = fileURLToPath(new URL('trace.py', import.meta.url))

/**
 * Runs all work and yields its results in order.
 *
 * @param workers runs at a time inside one root
 * @param seconds a run that takes longer is ended: some roots make a loader go round in circles
 */
export async function* runTraces(
  works: readonly TraceWork[],
  workers: number,
  seconds = 60,
): AsyncGenerator<readonly TraceResult[], void> {
  const child = spawn('python3', [SCRIPT, String(workers), String(seconds)], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = new Promise<number | null>((done) => child.on('close', done))
  child.stdin.on('error', () => {
    // The script has ended early; its status tells below.
  })
  child.stdin.end(works.map((work) => `${JSON.stringify(work)}\n`).join(''))
  let count = 0
  for await (const line of createInterface({ input: child.stdout })) {
    count += 1
    yield JSON.parse(line) as readonly TraceResult[]
  }
  const status = await ended
  if (status !== 0 || count !== works.length) {
    throw new Error(`trace.py ended with ${String(status)} after ${count} of ${works.length} roots`)
  }
}

const LINE = /^\t(.*?)(?: => (.+?))?(?: \(0x[0-9a-f]+\))?$/s

/**
 * Reads a trace (elf/rtld.c, where it prints the list). The vDSO is left out.
 *
 * @param bound symbols were bound after the list was printed: a loader that crashes there has answered all the same
 */
export function readTrace([status, out, err]: TraceResult, bound = false): LoaderAnswer {
  const loaded: (readonly [string, string | null])[] = []
  for (const line of out.split('\n')) {
    const match = LINE.exec(line)
    if (match === null || line === '\tstatically linked') continue
    const [, name = '', path] = match
    if (/^linux-(vdso|gate)/.test(name)) continue
    loaded.push([name, path === 'not found' ? null : (path ?? name)])
  }
  // A trace that went to its end has status 0, whatever it complains of on its way.
  if (status === 0 || (bound && loaded.length > 0)) return { loaded, error: null }
  const lines = `${out}\n${err}`.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('\t'))
  return { loaded: [], error: lines.at(-1) ?? `ended with ${String(status)}` }
}

const VERSION_ERROR = /^(?:.*: )?(\/[^:]+): (?:weak )?version `(.*?)' not found \(required by (.*)\)$/
const UNDEFINED = /^undefined symbol: (.*?)(?:, version (.*?))?\t\((.*)\)$/

/** A complaint in one form, so that those of two sides can be compared. */
export function versionComplaint(object: string, provider: string, version: string): string {
  return `${object} demands ${version} of ${provider}`
}

/** The same for a symbol; a null version is none. */
export function symbolComplaint(object: string, symbol: string, version: string | null): string {
  return `${object} lacks ${symbol}${version === null ? '' : `@${version}`}`
}

/** One version that the loader misses, with the paths of both sides. */
export interface VersionComplaint {
  readonly object: string
  readonly provider: string
  readonly version: string
}

/** The version errors that any trace prints, weak demands left out. */
export function readVersionErrors([, out, err]: TraceResult): readonly VersionComplaint[] {
  return `${out}\n${err}`.split('\n').flatMap((line) => {
    const match = line.includes(': weak version `') ? null : VERSION_ERROR.exec(line)
    if (match === null) return []
    return [{ object: match[3] ?? '', provider: match[1] ?? '', version: match[2] ?? '' }]
  })
}

/** What a trace with LD_WARN and LD_BIND_NOW complains of (elf/rtld.c `print_unresolved`, `print_missing_version`). */
export function readComplaints([, out, err]: TraceResult): readonly string[] {
  const found = new Set<string>()
  for (const line of `${out}\n${err}`.split('\n')) {
    const version = VERSION_ERROR.exec(line)
    const symbol = UNDEFINED.exec(line)
    if (version !== null) found.add(versionComplaint(version[3] ?? '', version[1] ?? '', version[2] ?? ''))
    else if (symbol !== null) found.add(symbolComplaint(symbol[3] ?? '', symbol[1] ?? '', symbol[2] ?? null))
  }
  return [...found].sort()
}
