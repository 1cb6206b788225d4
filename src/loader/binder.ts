/**
 * Finds what nothing defines. Whether a file answers a reference does not depend on the process, so that each answer
 * serves in every link map of a world that has both files.
 */
import type { References, SymbolFile } from '../domain/symbols.ts'
import { REFERENCE_COPY, REFERENCE_WEAK } from '../domain/symbols.ts'
import type { DemandedVersion, Matcher } from './match.ts'
import { matcherFor } from './match.ts'

/** What is known of the references of one file. */
interface Known {
  /** For each reference the number of a file that answers it; -1 where none was met so far, -2 where none is asked for. */
  readonly answers: Int32Array
  /** The files that answer all of them together; null where some are not answered, or where that is not computed. */
  cover: readonly number[] | null
}

export class Binder {
  readonly #matcher: Matcher
  readonly #known = new Map<number, Known>()
  /** By file number: the round in which it was last in scope. */
  #rounds = new Uint32Array(1024)
  #round = 0

  constructor(libc: 'glibc' | 'musl') {
    this.#matcher = matcherFor(libc)
  }

  /** The files that symbols are looked up in from now on. */
  enter(scope: readonly SymbolFile[]): void {
    this.#round += 1
    for (const { id } of scope) {
      if (id >= this.#rounds.length) {
        const grown = new Uint32Array(Math.max(id + 1, this.#rounds.length * 2))
        grown.set(this.#rounds)
        this.#rounds = grown
      }
      this.#rounds[id] = this.#round
    }
  }

  /** Indices of the references of `file` that nothing in `scope` answers. Call `enter` with the scope before. */
  unanswered(file: SymbolFile, scope: readonly SymbolFile[]): readonly number[] {
    const known = this.#knownOf(file)
    if (known.cover?.every((id) => this.#rounds[id] === this.#round) === true) return NONE
    const { references } = file
    const { answers } = known
    const open: number[] = []
    // One file's references are answered by few others: those that answered the last ones are asked first.
    const recent: SymbolFile[] = []
    for (let i = 0; i < references.count; i += 1) {
      const answer = answers[i] ?? -2
      if (answer === -2 || (answer >= 0 && this.#rounds[answer] === this.#round)) continue
      const found = this.#search(file, references, i, scope, recent)
      if (found === null) open.push(i)
      else {
        answers[i] = found.id
        moveForward(recent, found)
      }
    }
    known.cover = open.length > 0 ? null : [...new Set(answers)].filter((id) => id >= 0)
    return open
  }

  /** Whether something in `scope` answers a reference when it demands another version than its own. */
  isAnswered(file: SymbolFile, index: number, version: DemandedVersion, scope: readonly SymbolFile[]): boolean {
    return this.#search(file, file.references, index, scope, NO_FILES, version) !== null
  }

  #search(
    file: SymbolFile,
    references: References,
    index: number,
    scope: readonly SymbolFile[],
    first: readonly SymbolFile[],
    version?: DemandedVersion,
  ): SymbolFile | null {
    this.#matcher.take(file, references, index, version)
    const copied = ((references.kinds[index] ?? 0) & REFERENCE_COPY) !== 0
    for (const candidates of [first, scope]) {
      for (const candidate of candidates) {
        // The program's own copy is no answer to its copy relocation.
        if (copied && candidate === file) continue
        if (this.#matcher.isDefinedBy(candidate)) return candidate
      }
    }
    return null
  }

  #knownOf(file: SymbolFile): Known {
    const known = this.#known.get(file.id)
    if (known !== undefined) return known
    const { count, kinds } = file.references
    const answers = new Int32Array(count).fill(-1)
    for (let i = 0; i < count; i += 1) if (((kinds[i] ?? 0) & REFERENCE_WEAK) !== 0) answers[i] = -2
    const made = { answers, cover: null }
    this.#known.set(file.id, made)
    return made
  }
}

/** Those that answer often come to the front by and by. */
function moveForward(recent: SymbolFile[], found: SymbolFile): void {
  const at = recent.indexOf(found)
  const before = recent[at - 1]
  if (at < 0) recent.push(found)
  else if (before !== undefined) {
    recent[at - 1] = found
    recent[at] = before
  }
}

const NONE: readonly number[] = []
const NO_FILES: readonly SymbolFile[] = []
