/** What dlopen loads inside a running program (elf/dl-open.c): names loaded already are taken, the caller is forgotten. */
import { DF_1_NOOPEN } from '../domain/object.ts'
import { mapDependencies } from './dependencies.ts'
import { LoadError } from './link-map.ts'
import type { MapEntry } from './link-map.ts'
import { startProcess } from './process.ts'
import type { Process } from './process.ts'
import type { Session } from './session.ts'

/**
 * Opens the object at `path` in the process of `program`. The trace is the search list of the opened object, itself left
 * out, with what the process has already loaded in its place.
 */
export function openInside(session: Session, program: string, path: string): Process {
  const process = startProcess(session, program, true)
  if (process.fatal !== null) return { ...process, fatal: `${program}: ${process.fatal}` }
  const { map } = process
  // Where the process itself is incomplete, what it opens later is judged all the same.
  const firstError = map.firstError
  map.firstError = null
  try {
    const opened = open(process, session, path)
    const list = mapDependencies(map, [opened])
    return { ...process, list, trace: list.slice(1), notes: notesOf(program, firstError) }
  } catch (error) {
    if (!(error instanceof LoadError)) throw error
    return { ...process, list: [], trace: [], fatal: error.message }
  }
}

/** Maps the object itself. Its needs see no chain but the program's RPATH, for dlopen drops the caller afterwards. */
function open(process: Process, session: Session, path: string): MapEntry {
  const { map } = process
  const found = session.searcher.openPath(path)
  if (found.kind === 'fatal') throw new LoadError(found.message)
  if (found.kind === 'missing') throw new LoadError(`${path}: cannot open shared object file`)
  for (const entry of map.entries) entry.listed = false
  const loaded = map.entries.find((entry) => entry.file?.record.id === found.record.id && entry !== map.main)
  if (loaded !== undefined) return loaded
  const error = found.record.mapError ?? refusal(session, found.record.reading.object)
  if (error !== null) throw new LoadError(`${path}: ${error}`)
  const file = session.opened(path, found.record)
  const chain = session.chain(file, map.main?.chain ?? session.emptyChain)
  return map.add({ name: path, file, path, how: 'root', loader: null, chain }, true)
}

function refusal(
  session: Session,
  object: { readonly flags1: number; readonly executableStack: boolean | null } | null,
): string | null {
  if (object === null) return null
  if ((object.flags1 & DF_1_NOOPEN) !== 0) return 'shared object cannot be dlopen()ed'
  const strict = session.setup.version === null || session.setup.version[1] >= 41
  if (strict && object.executableStack === true) return 'cannot enable executable stack as shared object requires'
  return null
}

function notesOf(program: string, firstError: string | null): readonly string[] {
  return firstError === null ? [] : [`${program} itself does not start: ${firstError}`]
}
