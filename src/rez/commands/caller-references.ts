/** What of an environment refers to variables of the caller's shell, and where: said once for each package and variable. */
import { namesIn } from '../python/caller-text.ts'

interface Reference {
  readonly lines: Set<number>
  /** Variables whose values hold it. */
  readonly holders: Set<string>
  /** Code does not go on without it. */
  needed: boolean
}

export class CallerReferences {
  readonly #found = new Map<string, Map<string, Reference>>()

  /** A statement of a package puts text with marks into a variable. */
  add(id: string, line: number, holder: string, marked: string): void {
    for (const name of namesIn(marked)) this.#at(id, line, name).holders.add(holder)
  }

  /** A statement reads what there must be. */
  need(id: string, line: number, name: string): void {
    this.#at(id, line, name).needed = true
  }

  notes(): readonly string[] {
    const all = [...this.#found].flatMap(([id, own]) => [...own].map(([name, found]) => noteOf(id, name, found)))
    const refer = [...this.#found.values()].some((own) => [...own.values()].some(({ holders }) => holders.size > 0))
    return refer ? [...all, VALUES] : all
  }

  #at(id: string, line: number, name: string): Reference {
    const own = this.#found.get(id) ?? new Map<string, Reference>()
    this.#found.set(id, own)
    const reference = own.get(name) ?? { lines: new Set(), holders: new Set(), needed: false }
    own.set(name, reference)
    reference.lines.add(line)
    return reference
  }
}

function noteOf(id: string, name: string, { lines, holders, needed }: Reference): string {
  const places = `line${lines.size > 1 ? 's' : ''} ${[...lines].sort((a, b) => a - b).join(', ')}`
  const subject = holders.size === 0 ? 'the code' : [...holders].sort().join(', ')
  const verb = holders.size > 1 ? 'refer' : 'refers'
  const without = needed ? ', without which Rez makes no environment' : ''
  const said = `${id} ${places}: ${subject} ${verb} to $${name} of the caller's shell${without}`
  return `${said}: parent_environment of airtight.yaml can say it`
}

/** What a reference leaves to a reader that Rez would do (`_format` and `_expand` in `src/rez/rex.py`, `posixpath.join`). */
const VALUES =
  'references stand for values as they are: Rez would expand "$", "{" and a first "~" in them, and os.path.join adds no "/" to one that is empty or ends in "/"'
