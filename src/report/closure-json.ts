/** The whole closure as data, schema airtight/closure/v1: link maps, trace order, bindings. */
import type { Closure } from '../domain/closure.ts'
import { symbolData } from './closure-symbols.ts'

/** Where the closures were resolved. */
export interface ClosurePlace {
  readonly system: string
  readonly libraryPath: string | null
  readonly preload: string | null
  readonly inside: string | null
  /** Symbols are bound as well. */
  readonly symbols: boolean
}

/** The document of some closures, with its line feed. Indices refer to `objects` of the same closure. */
export function closureDocument(closures: readonly Closure[], place: ClosurePlace): string {
  const head = {
    schema: 'airtight/closure/v1',
    system: place.system,
    library_path: place.libraryPath,
    preload: place.preload,
    inside: place.inside,
  }
  const bodies = closures.map((closure) => {
    const symbols = place.symbols ? symbolData(closure) : {}
    return `    ${JSON.stringify({ ...closureData(closure), ...symbols })}`
  })
  const opening = JSON.stringify(head, null, 2).replace(/\n}$/, '')
  return `${opening},\n  "closures": [\n${bodies.join(',\n')}\n  ]\n}\n`
}

function closureData(closure: Closure): object {
  return {
    root: closure.root,
    root_index: closure.rootIndex,
    interpreter: closure.interpreter,
    libc: closure.libc,
    fatal: closure.fatal,
    start: closure.start,
    objects: closure.objects.map(({ name, path, file, how, loader }) => ({ name, path, file, how, loader })),
    trace: closure.trace,
    bindings: closure.bindings.map(({ from, name, to, how, optional }) => ({
      from,
      name,
      to: to < 0 ? null : to,
      how,
      optional,
    })),
    notes: closure.notes,
  }
}
