/** Which loader serves a root in a world; one session for each loader of a world. */
import type { ElfObject } from '../domain/object.ts'
import { EM_X86_64, ELFCLASS64 } from '../domain/object.ts'
import type { LoaderSetup, World } from '../domain/system.ts'
import { failed } from '../domain/tree.ts'
import { Session } from './session.ts'

const SESSIONS = new WeakMap<World, Map<string, Session>>()

/** The loader for an object: the one PT_INTERP names where the world has it, else the standard one of its machine. */
export function setupFor(world: World, object: ElfObject | null): LoaderSetup | null {
  const machine = object?.header.machine ?? EM_X86_64
  const elfClass = object?.header.class ?? ELFCLASS64
  const interpreter = object?.interpreter ?? null
  if (interpreter !== null) {
    const named = world.system.loader(interpreter, machine, elfClass)
    if (named !== null) return named
  }
  return world.system.loader(null, machine, elfClass)
}

/** The session for a loader, made once in each world. */
export function sessionFor(world: World, setup: LoaderSetup): Session | null {
  const header = setup.reading.header
  if (header === null) return null
  const sessions = SESSIONS.get(world) ?? new Map<string, Session>()
  SESSIONS.set(world, sessions)
  const known = sessions.get(setup.path)
  if (known !== undefined) return known
  const session = new Session(world, setup, header)
  sessions.set(setup.path, session)
  return session
}

/** The object at a path of the world, null where there is none that can be read. */
export function objectAt(world: World, path: string): ElfObject | null {
  const entry = world.lookup(path)
  return failed(entry) || entry.kind !== 'file' ? null : world.read(entry.path).object
}
