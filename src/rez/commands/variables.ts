/** The environment while commands run (`ActionManager` in `src/rez/rex.py`): each entry remembers its package. */
import type {
  Environment,
  EnvironmentAction,
  EnvironmentEntry,
  EnvironmentVariable,
  OverwrittenEntry,
  ValuePiece,
} from '../../domain/context.ts'
import { callerMark, markedValue, noNames } from '../python/caller-text.ts'
import { Parent } from '../python/facts.ts'
import { MAX_LENGTH, unknown } from '../python/runtime.ts'
import type { Rt } from '../python/runtime.ts'

/** Rez's default `env_var_separators`; every other variable is joined by `:`. */
export const SEPARATORS: ReadonlyMap<string, string> = new Map([
  ['CMAKE_MODULE_PATH', ';'],
  ['DOXYGEN_TAGFILES', ' '],
])

/** References as `expandvars` in `src/rez/utils/formatting.py` finds them. */
const REFERENCE = /\$([\p{L}\p{N}_]+|\{[^}]*\})/gu

/** Variables that are lists wherever they are known, also where each package sets them. */
const SEARCH_PATHS = ['LD_LIBRARY_PATH', 'LD_PRELOAD', 'PATH', 'PYTHONPATH']

/** Variables that Rez sets for a context or a build, and that no shell has before. */
const OF_THE_CONTEXT = /^REZ_(?:USED|EPH|BUILD)_?/

/** Steps of a whole context. */
const MAX_ACTIONS = 200_000

/** Entries of one variable. */
const MAX_ENTRIES = 20_000

/** A value before and after references to variables were replaced. */
export interface Expanded {
  readonly written: string
  readonly value: string
  /** What was written, in pieces; the value itself where it is absent. */
  readonly pieces?: readonly ValuePiece[]
  /** Variables of the caller that the value refers to. */
  readonly callers?: readonly string[]
}

/** What variables have before any package sets them. */
export interface Given {
  /** Variables that Rez sets for the context as a whole, and that belong to no environment here. */
  readonly context: ReadonlyMap<string, string>
  readonly parent: Parent
}

const NOTHING_GIVEN: Given = { context: new Map(), parent: new Parent() }

export class Variables {
  readonly #entries = new Map<string, EnvironmentEntry[]>()
  readonly #aliases = new Map<string, { readonly name: string; readonly command: string; readonly package: string }>()
  /** Variables that are search paths: something was appended or prepended to them. */
  readonly #paths = new Set(SEARCH_PATHS)
  readonly #overwritten: OverwrittenEntry[] = []
  readonly #actions: EnvironmentAction[] = []
  /** Variables that code which was not evaluated may have changed, with the reason. */
  readonly #doubtful = new Map<string, string>()
  /** Variables that packages have set or unset. */
  readonly #changed = new Set<string>()
  /** Variables by a variable of the caller that their values refer to. */
  readonly #referring = new Map<string, Set<string>>()
  /** Code that was not evaluated may have changed any variable. */
  #allDoubtful = false
  readonly #separators: ReadonlyMap<string, string>
  readonly #given: Given
  /** The package whose commands run; null for Rez itself. */
  package: string | null = null

  constructor(separators: ReadonlyMap<string, string> = SEPARATORS, given: Given = NOTHING_GIVEN) {
    this.#separators = separators
    this.#given = given
  }

  /** The value; null when neither a package has set it nor anything before. Ends the statement when it is not known. */
  value(name: string): string | null {
    const reason = this.#doubtful.get(name)
    if (reason !== undefined) return unknown(`$${name} is not fully known: ${reason}`)
    const entries = this.#entries.get(name)
    if (entries !== undefined) return entries.map((entry) => entry.value).join(this.#separatorOf(name))
    return this.#given.context.get(name) ?? this.#given.parent.known(name) ?? null
  }

  /** As {@link value}, of the caller's shell where no package has set it; ends the statement where that is not known. */
  needed(name: string): string | null {
    return this.value(name) ?? this.#given.parent.value(name)
  }

  /** As {@link needed}, as text that refers to the caller's variables where their values are not known. */
  text(name: string): Rt | null {
    const value = this.value(name)
    return value === null ? this.#given.parent.text(name, 'fails') : markedValue(this.withMarks(value))
  }

  /** Whether `${name}` still stands for what the caller has. */
  isCallers(name: string): boolean {
    return !this.#allDoubtful && !this.#changed.has(name) && !this.#doubtful.has(name) && !OF_THE_CONTEXT.test(name)
  }

  /** A text that was expanded, with marks for the references left in it that Rez would have replaced. */
  withMarks(value: string): string {
    return value.replace(REFERENCE, (whole, name: string) => {
      const bare = /^\{(.*)\}$/s.exec(name)?.[1] ?? name
      if (!/^[A-Za-z_]\w*$/.test(bare) || this.#given.parent.known(bare) === null) return whole
      return this.isCallers(bare)
        ? callerMark(bare, 'kept')
        : unknown(`what it holds of the caller's $${bare} is not known`)
    })
  }

  /** A text without references to what Rez sets for the context as a whole, which no shell will have. */
  withContext(text: string): string {
    return this.#replaced(text, (name) => (this.#entries.has(name) ? null : (this.#given.context.get(name) ?? null)))
  }

  set(name: string, expanded: Expanded): void {
    const { written, value } = expanded
    this.#record('set', name, expanded)
    const before = this.#entries.get(name)
    this.#doubtful.delete(name)
    this.#lose(name, before ?? [])
    if (before !== undefined && mentions(written, name)) {
      this.#entries.set(name, this.#inherited(name, value, before))
    } else this.#entries.set(name, [this.#entry(value)])
  }

  append(name: string, expanded: Expanded): void {
    const { value } = expanded
    this.#record(this.#entries.has(name) ? 'append' : 'set', name, expanded)
    this.#paths.add(name)
    this.#of(name).push(this.#entry(value))
  }

  prepend(name: string, expanded: Expanded): void {
    const { value } = expanded
    this.#record(this.#entries.has(name) ? 'prepend' : 'set', name, expanded)
    this.#paths.add(name)
    this.#of(name).unshift(this.#entry(value))
  }

  unset(name: string): void {
    this.act({ kind: 'unset', name })
    this.#change(name)
    this.#forget(name)
    this.#doubtful.delete(name)
    this.#lose(name, this.#entries.get(name) ?? [])
    this.#entries.delete(name)
  }

  alias(name: string, command: string, callers: readonly string[]): void {
    this.#refer(`the alias ${name}`, command, callers)
    this.act({ kind: 'alias', name, command })
    this.#aliases.set(name, { name, command, package: this.package ?? '' })
  }

  /** Adds a step to what a shell would have to do. */
  act(action: EnvironmentAction): void {
    if (this.#actions.length >= MAX_ACTIONS) unknown('an environment of this many steps is not evaluated')
    this.#actions.push(action)
  }

  actions(): readonly EnvironmentAction[] {
    return this.#actions
  }

  /** A reference to the caller's variable in what was set before is, to a reader, one to what is set now. */
  #change(name: string): void {
    this.#changed.add(name)
    for (const other of this.#referring.get(name) ?? []) {
      if (other !== name) this.doubt(other, `it holds what the caller has in $${name}, which a package changes later`)
    }
  }

  /** @param written may name variables whose values hold something of the caller's, and then so does the holder's */
  #refer(holder: string, written: string, callers: readonly string[]): void {
    const named = namesIn(written)
    const inherited = [...this.#referring].flatMap(([caller, holders]) =>
      named.some((name) => holders.has(name)) ? [caller] : [],
    )
    for (const caller of [...callers, ...inherited]) {
      this.#referring.set(caller, (this.#referring.get(caller) ?? new Set()).add(holder))
    }
  }

  /** A value that is gone refers to nothing. */
  #forget(holder: string): void {
    for (const holders of this.#referring.values()) holders.delete(holder)
  }

  #record(kind: 'set' | 'append' | 'prepend', name: string, { written, value, pieces, callers }: Expanded): void {
    this.#change(name)
    if (kind === 'set' && !mentions(written, name)) this.#forget(name)
    this.#refer(name, written, callers ?? [])
    this.act({ kind, name, pieces: pieces ?? [{ literal: true, text: value }], separator: this.#separatorOf(name) })
  }

  /** Code that was not evaluated may have changed the variable. */
  doubt(name: string, reason: string): void {
    this.#doubtful.set(name, reason)
  }

  /** Code that was not evaluated may have changed variables of any name. */
  doubtAll(): void {
    this.#allDoubtful = true
  }

  /** Replaces `$NAME` and `${NAME}` of variables that are set; others stay. */
  expand(text: string): string {
    noNames(text)
    const out = this.#replaced(text, (name) => this.value(name))
    return out.length > MAX_LENGTH ? unknown('a value of this length is not evaluated') : out
  }

  #replaced(text: string, value: (name: string) => string | null): string {
    return text.replace(REFERENCE, (whole, name: string) => value(/^\{(.*)\}$/s.exec(name)?.[1] ?? name) ?? whole)
  }

  /** Names of variables that code which was not evaluated may still change, sorted. */
  doubtful(): readonly (readonly [string, string])[] {
    return [...this.#doubtful].sort(byName)
  }

  environment(): Environment {
    const variables: EnvironmentVariable[] = [...this.#entries]
      .sort(byName)
      .map(([name, entries]) => ({ name, entries, separator: this.#separatorOf(name) }))
    const aliases = [...this.#aliases].sort(byName).map(([, alias]) => alias)
    return { variables, aliases, overwritten: this.#overwritten.filter((entry) => this.#isLost(entry)) }
  }

  /** Remembers what other packages had put there, before this one sets the variable anew. */
  #lose(name: string, entries: readonly EnvironmentEntry[]): void {
    const by = this.package
    if (by === null) return
    for (const { value, package: owner } of entries) {
      if (owner === null || owner === by || this.#overwritten.length >= MAX_ENTRIES) continue
      for (const element of value.split(this.#separatorOf(name))) {
        if (element !== '') this.#overwritten.push({ variable: name, value: element, package: owner, by })
      }
    }
  }

  /** What stands there at the end after all is not lost, and what was never a list has no elements. */
  #isLost({ variable, value }: OverwrittenEntry): boolean {
    if (!this.#paths.has(variable)) return false
    const separator = this.#separatorOf(variable)
    const entries = this.#entries.get(variable) ?? []
    return !entries.some((entry) => entry.value.split(separator).includes(value))
  }

  /** The entries of a variable that is about to get one more. */
  #of(name: string): EnvironmentEntry[] {
    const entries = this.#entries.get(name) ?? []
    if (entries.length >= MAX_ENTRIES) return unknown('a variable of this many elements is not evaluated')
    this.#entries.set(name, entries)
    return entries
  }

  #separatorOf(name: string): string {
    return this.#separators.get(name) ?? ':'
  }

  #entry(value: string): EnvironmentEntry {
    return { value, package: this.package }
  }

  /** A value made from the variable's own: elements that were there keep their package. */
  #inherited(name: string, value: string, before: readonly EnvironmentEntry[]): EnvironmentEntry[] {
    const separator = this.#separatorOf(name)
    const owners = new Map<string, string | null>()
    for (const entry of before) for (const element of entry.value.split(separator)) owners.set(element, entry.package)
    return value.split(separator).map((element) => {
      const owner = owners.get(element)
      return owner === undefined ? this.#entry(element) : { value: element, package: owner }
    })
  }
}

/** Variables that a text refers to. */
function namesIn(text: string): readonly string[] {
  return [...text.matchAll(REFERENCE)].map(([, name = '']) => /^\{(.*)\}$/s.exec(name)?.[1] ?? name)
}

function mentions(text: string, name: string): boolean {
  return namesIn(text).includes(name)
}

function byName(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0
}
