/** Why one need of one object is answered as it is: the candidates in the order the loader looks at them. */
import type { Candidate } from '../domain/closure.ts'
import type { World } from '../domain/system.ts'
import { openInside } from './dlopen.ts'
import type { Answer } from './link-map.ts'
import { explainMusl } from './musl.ts'
import { startProcess } from './process.ts'
import type { Process } from './process.ts'
import { objectAt, sessionFor, setupFor } from './sessions.ts'

const PROCESSES = new WeakMap<World, Map<string, Process>>()
const KEPT = 16

/**
 * The trail of candidates for `name`, asked by the object at `object` in the process of `root`.
 *
 * @param object path of the object, as opened or with links followed
 * @param inside the program in whose process `root` is opened, as for a closure
 * @returns the candidates, the winner last; empty where the object does not ask for the name in this process
 */
export function explainNeed(
  world: World,
  root: string,
  object: string,
  name: string,
  inside: string | null = null,
): readonly Candidate[] {
  const setup = setupFor(world, objectAt(world, inside ?? root))
  const session = setup === null ? null : sessionFor(world, setup)
  if (setup === null || session === null) return []
  if (setup.libc === 'musl') return explainMusl(session, inside ?? root, object, name)
  const process = processOf(world, `${inside ?? ''}\0${root}`, () =>
    inside === null ? startProcess(session, root, true) : openInside(session, inside, root),
  )
  const answer = (process.map.answers ?? []).find((candidate) => asks(candidate, object, name))
  if (answer === undefined) return []
  if (answer.how === 'loaded') {
    const origin = answer.to?.loader?.path ?? null
    return [{ stage: 'loaded', path: answer.to?.path ?? name, verdict: 'won', origin, reason: null }]
  }
  if (answer.need.slash || answer.from.file === null) {
    const verdict = answer.how === 'missing' ? 'absent' : 'won'
    return [{ stage: 'path', path: name, verdict, origin: null, reason: null }]
  }
  return session.searcher.explain(session.scope(answer.from.file, answer.from.chain, process.map.libraryPath), name)
}

function asks(answer: Answer, object: string, name: string): boolean {
  const { from, need } = answer
  return need.name === name && (from.path === object || from.file?.record.file === object)
}

/** Findings ask for many needs of few roots: the last processes are kept. */
function processOf(world: World, key: string, make: () => Process): Process {
  const kept = PROCESSES.get(world) ?? new Map<string, Process>()
  PROCESSES.set(world, kept)
  const known = kept.get(key)
  if (known !== undefined) return known
  const made = make()
  if (kept.size >= KEPT) kept.delete(kept.keys().next().value ?? '')
  kept.set(key, made)
  return made
}
