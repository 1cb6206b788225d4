/** What of an environment refers to variables of the caller's shell, and where: said once for each package and variable. */
import { isNeeded, namesIn } from '../python/caller-text.ts'

interface Reference {
  readonly lines: Set<number>
  /** Variables whose values hold it. */
  readonly holders: Set<string>
  needed: boolean
}

export class CallerReferences {
  readonly #found = new Map<string, Map<string, Reference>>()

  /** A statement of a package that puts text with marks into a variable. */
  add(id: string, line: number, holder: string, marked: string): void {
    const own = this.#found.get(id) ?? new Map<string, Reference>()
    this.#found.set(id, own)
    for (const name of namesIn(marked)) {
      const reference = own.get(name) ?? { lines: new Set(), holders: new Set(), needed: false }
      own.set(name, reference)
      reference.lines.add(line)
      reference.holders.add(holder)
      reference.needed ||= isNeeded(marked, name)
    }
  }

  notes(): readonly string[] {
    const notes = [...this.#found].flatMap(([id, own]) =>
      [...own].map(([name, { lines, holders, needed }]) => {
        const places = `line${lines.size > 1 ? 's' : ''} ${[...lines].sort((a, b) => a - b).join(', ')}`
        const verb = holders.size > 1 ? 'refer' : 'refers'
        const without = needed ? ', without which Rez makes no environment' : ''
        const said = `${id} ${places}: ${[...holders].sort().join(', ')} ${verb} to $${name} of the caller's shell${without}`
        return `${said}: parent_environment of airtight.yaml can say it`
      }),
    )
    return notes.length === 0 ? [] : [...notes, VALUES]
  }
}

/** What a reference leaves to a reader that Rez would do (`_format` and `_expand` in `src/rez/rex.py`, `posixpath.join`). */
const VALUES =
  'references stand for values as they are: Rez would expand "$", "{" and a first "~" in them, and os.path.join adds no "/" to one that is empty or ends in "/"'
