/** A closure as a tree: what each object asks for, which file answers, and how it was found. */
import { printable } from '../domain/bytes.ts'
import type { Binding, Closure, How, Loaded } from '../domain/closure.ts'
import { symbolSummary } from './closure-symbols.ts'
import type { Style } from './style.ts'

const HOW_WORDS: Record<How | 'missing', string> = {
  root: '',
  loaded: 'already loaded',
  path: 'path',
  preload: 'preload',
  rpath: 'rpath',
  'library-path': 'library path',
  runpath: 'runpath',
  cache: 'cache',
  default: 'default',
  interpreter: 'interpreter',
  'musl-libc': 'musl libc',
  missing: 'not found',
}

/** What a person reads for each way of finding a file. */
export function howText(how: How | 'missing'): string {
  return HOW_WORDS[how]
}

/** The trees of several closures, one after another; with `symbols` each with what binding everything finds wrong. */
export function closureTrees(closures: readonly Closure[], style: Style, symbols = false): string {
  const trees = closures.map((closure) => new TreeText(closure, style, symbols))
  const text = trees.map((tree) => tree.text()).join('\n')
  return trees.some((tree) => tree.elided) ? `${text}\n${style.faint('… its own needs are shown above')}\n` : text
}

class TreeText {
  readonly #closure: Closure
  readonly #style: Style
  readonly #symbols: boolean
  readonly #needs = new Map<number, Binding[]>()
  readonly #shown = new Set<number>()
  readonly #lines: string[] = []
  /** Something is shown without its own needs, for they stand above. */
  elided = false

  constructor(closure: Closure, style: Style, symbols: boolean) {
    this.#closure = closure
    this.#style = style
    this.#symbols = symbols
    for (const binding of closure.bindings) {
      const known = this.#needs.get(binding.from)
      if (known === undefined) this.#needs.set(binding.from, [binding])
      else known.push(binding)
    }
  }

  text(): string {
    const { root, rootIndex, objects, fatal, start } = this.#closure
    this.#lines.push(this.#style.strong(printable(root)))
    this.#shown.add(rootIndex)
    this.#children()
    for (const entry of objects) {
      if (entry.loader === null && entry.index !== rootIndex && entry.how === 'preload') {
        this.#lines.push(`preload ${this.#entry(entry, entry.name, 'preload')}`)
      }
    }
    this.#ending(fatal, start)
    return `${this.#lines.join('\n')}\n`
  }

  /** Walks depth first without recursion: a chain of needs may be as long as the link map. */
  #children(): void {
    interface Level {
      readonly needs: readonly Binding[]
      readonly indent: string
      next: number
    }
    const stack: Level[] = [{ needs: this.#needsOf(this.#closure.rootIndex), indent: '', next: 0 }]
    for (let level = stack.at(-1); level !== undefined; level = stack.at(-1)) {
      const need = level.needs[level.next]
      level.next += 1
      if (need === undefined) {
        stack.pop()
        continue
      }
      const last = level.next === level.needs.length
      this.#lines.push(`${this.#style.faint(level.indent + (last ? '└── ' : '├── '))}${this.#need(need)}`)
      if (need.to < 0 || this.#shown.has(need.to)) continue
      this.#shown.add(need.to)
      stack.push({ needs: this.#needsOf(need.to), indent: level.indent + (last ? '    ' : '│   '), next: 0 })
    }
  }

  #needsOf(index: number): readonly Binding[] {
    return this.#needs.get(index) ?? []
  }

  #need(need: Binding): string {
    const entry = this.#closure.objects[need.to]
    if (entry === undefined) return this.#missing(need)
    if (entry.path === null) return this.#missing(need)
    // The place in the tree where an object was first loaded tells how; later ones only that it was there already.
    const first = !this.#shown.has(need.to)
    const again = !first && this.#needsOf(need.to).length > 0
    if (again) this.elided = true
    const how = first && need.how === 'loaded' ? entry.how : need.how
    return this.#entry(entry, need.name, how) + (again ? this.#style.faint(' …') : '')
  }

  #entry(entry: Loaded, name: string, how: How | 'missing'): string {
    const path = entry.path === null || entry.path === name ? '' : ` => ${printable(entry.path)}`
    return `${printable(name)}${path} ${this.#style.faint(`[${howText(how)}]`)}`
  }

  #missing(need: Binding): string {
    if (need.optional) return `${printable(need.name)} ${this.#style.faint('[not found, optional]')}`
    return this.#style.missing(`${printable(need.name)} not found`)
  }

  #ending(fatal: string | null, start: string | null): void {
    if (fatal !== null) this.#lines.push(this.#style.missing(printable(fatal)))
    else if (start !== null) this.#lines.push(`a start ends with: ${this.#style.missing(printable(start))}`)
    if (this.#symbols) this.#lines.push(...symbolSummary(this.#closure, this.#style))
    for (const note of this.#closure.notes) this.#lines.push(`note: ${printable(note)}`)
  }
}
