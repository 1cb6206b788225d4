/** What an object's own search would find, whatever its process has loaded already. */
import type { Candidate } from '../domain/closure.ts'
import type { World } from '../domain/system.ts'
import { openInside } from '../loader/dlopen.ts'
import type { MapEntry } from '../loader/link-map.ts'
import type { Process } from '../loader/process.ts'
import { startProcess } from '../loader/process.ts'
import type { Session } from '../loader/session.ts'
import { objectAt, sessionFor, setupFor } from '../loader/sessions.ts'

/** Asks for the trail of a search in the process of one root. Processes are kept, for questions come root by root. */
export class OwnSearch {
  readonly #world: World
  #last: { readonly key: string; readonly session: Session; readonly process: Process } | null = null

  constructor(world: World) {
    this.#world = world
  }

  /**
   * The candidates that the object at `object` meets when it looks for `name` itself; empty for musl, for a name with a
   * slash, and for an object that is not in this process.
   *
   * @param inside the program in whose process `root` is opened, null when it is started alone
   */
  trail(root: string, inside: string | null, object: string, name: string): readonly Candidate[] {
    if (name.includes('/')) return []
    const running = this.#process(root, inside)
    if (running === null) return []
    const { session, process } = running
    const asks = (entry: MapEntry): boolean => entry.path === object || entry.file?.record.file === object
    const entry = process.map.entries.find(asks)
    if (entry?.file == null) return []
    return session.searcher.explain(session.scope(entry.file, entry.chain, process.map.libraryPath), name)
  }

  #process(root: string, inside: string | null): { readonly session: Session; readonly process: Process } | null {
    const key = `${inside ?? ''}\0${root}`
    if (this.#last?.key === key) return this.#last
    const setup = setupFor(this.#world, objectAt(this.#world, inside ?? root))
    const session = setup === null || setup.libc === 'musl' ? null : sessionFor(this.#world, setup)
    if (session === null) return null
    const process = inside === null ? startProcess(session, root, false) : openInside(session, inside, root)
    this.#last = { key, session, process }
    return this.#last
  }
}
