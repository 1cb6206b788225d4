/** Requirements and path changes written into the text of a package.py; every byte outside the insertions stays. */
import type { Fault } from '../domain/fault.ts'
import { faultAtLine } from '../domain/fault.ts'
import { boundNames } from '../rez/python/bound-names.ts'
import { parsePython } from '../rez/python/parse.ts'
import type { Expression, Statement } from '../rez/python/syntax.ts'
import { textsAttribute } from '../rez/source/definition.ts'
import type { Definition } from '../rez/source/definition.ts'
import { readPackagePy } from '../rez/source/package-py.ts'
import { listInsertion } from './patch-list.ts'
import type { Insertion } from './patch-list.ts'

/** What a definition is to say in addition. */
export interface DefinitionChange {
  /** Requirements as Rez writes them, in the order in which they are added. */
  readonly requires: readonly string[]
  /** Statements for the end of `commands()`, such as `env.LD_LIBRARY_PATH.append('{root}/lib')`. */
  readonly commands: readonly string[]
}

/** Attributes that Rez's serialiser writes before `requires`, the nearest first (`package_key_order`). */
const BEFORE_REQUIRES = ['plugin_for', 'has_plugins', 'tools', 'authors', 'description', 'version', 'name']

/**
 * The text of `file` with the change made, or the fault for which it cannot be made. Statements that `commands()` has
 * already are not added again; requirements are added as given. The result is read again: a text that does not say
 * exactly what was there and the additions is never returned.
 */
export function patchDefinition(text: string, file: string, change: DefinitionChange): string | Fault {
  const original = lineEnds(text)
  const module = parsePython(text, file)
  if (module.fault !== null) return module.fault
  if (module.text.length !== original.clean.length + (original.clean.endsWith('\n') ? 0 : 1)) {
    return faultAtLine('unsupported', file, null, 'has a number such as 1. whose place cannot be kept: write 1.0')
  }
  const source: Source = { text: original.clean, file, statements: module.statements }
  const insertions: Insertion[] = []
  if (change.requires.length > 0) {
    const insertion = requiresInsertions(source, change.requires)
    if ('message' in insertion) return insertion
    insertions.push(...insertion)
  }
  if (change.commands.length > 0) {
    const insertion = commandsInsertions(source, change.commands)
    if ('message' in insertion) return insertion
    insertions.push(...insertion)
  }
  const after = inserted(text, original, insertions)
  return provenFault(text, after, file, change) ?? after
}

interface Source {
  /** With `\n` alone as line end; offsets of `statements` point into it. */
  readonly text: string
  readonly file: string
  readonly statements: readonly Statement[]
}

interface LineEnds {
  readonly clean: string
  readonly end: string
  /** Offset in the original of an offset in `clean`. */
  readonly place: (at: number) => number
}

/** The text as the parser takes it, with the way back. */
function lineEnds(text: string): LineEnds {
  const mark = text.startsWith('\ufeff') ? 1 : 0
  const clean = text.slice(mark).replace(/\r\n?/g, '\n')
  // Offsets in `clean` of line ends that are two characters in the original.
  const wide = [...text.slice(mark).matchAll(/\r\n/g)].map((match, index) => match.index - index)
  return {
    clean,
    end: /\r\n|\r|\n/.exec(text)?.[0] ?? '\n',
    place: (at) => at + mark + wide.filter((offset) => offset < at).length,
  }
}

function inserted(text: string, { end, place }: LineEnds, insertions: readonly Insertion[]): string {
  const sorted = insertions
    .map((insertion, index) => ({ ...insertion, index }))
    .sort((a, b) => a.at - b.at || a.index - b.index)
  let out = ''
  let from = 0
  for (const { at, added } of sorted) {
    out += text.slice(from, place(at)) + added.replaceAll('\n', end)
    from = place(at)
  }
  return out + text.slice(from)
}

function requiresInsertions(source: Source, added: readonly string[]): readonly Insertion[] | Fault {
  const binding = source.statements.filter((statement) => boundNames([statement]).has('requires'))
  const [statement, another] = binding
  if (statement === undefined) return newRequires(source, added)
  if (another !== undefined) return refused(source, another, 'requires is set more than once: add it by hand')
  if (statement.kind === 'function') {
    return refused(source, statement, `requires is a function: add ${added.join(', ')} to what it returns by hand`)
  }
  const list = statement.kind === 'assign' && isName(statement.targets, 'requires') ? statement.value : null
  if (list?.kind !== 'list' || !list.items.every(isText)) {
    return refused(source, statement, `requires is no plain list of strings: add ${added.join(', ')} by hand`)
  }
  const indent = /^[ \t]*/.exec(lineBefore(source.text, statement.at.from))?.[0] ?? ''
  return (
    listInsertion(source.text, { at: list.at, items: list.items.map((item) => item.at) }, added, indent) ??
    refused(source, statement, `requires is written in a way that cannot be added to: add ${added.join(', ')} by hand`)
  )
}

function isName(targets: readonly Expression[], name: string): boolean {
  const [target, another] = targets
  return another === undefined && target?.kind === 'name' && target.name === name
}

function isText(item: Expression): boolean {
  return item.kind === 'constant' && item.value.kind === 'str'
}

/** A definition without `requires` gets the attribute where Rez itself would write it. */
function newRequires(source: Source, added: readonly string[]): readonly Insertion[] | Fault {
  const items = added.map((item) => `'${item}'`)
  const list = items.length === 1 ? `[${items.join('')}]` : `[\n${items.map((item) => `    ${item},\n`).join('')}]`
  for (const name of BEFORE_REQUIRES) {
    const before = source.statements.find(
      (statement) =>
        statement.kind === 'assign' && isName(statement.targets, name) && startsLine(source.text, statement),
    )
    if (before === undefined) continue
    const at = nextLine(source.text, before.at)
    const start = source.text[at - 1] === '\n' ? '' : '\n'
    const blank = /^[ \t]*\n/.test(source.text.slice(at)) ? '\n' : ''
    return [{ at, added: `${start}${blank}requires = ${list}\n` }]
  }
  return faultAtLine('unsupported', source.file, null, `has no place for requires: add ${added.join(', ')} by hand`)
}

function commandsInsertions(source: Source, wanted: readonly string[]): readonly Insertion[] | Fault {
  const binding = source.statements.filter((statement) => boundNames([statement]).has('commands'))
  const [statement, another] = binding
  if (statement === undefined) {
    const { text } = source
    const start = text === '' || text.endsWith('\n') ? '' : '\n'
    return [{ at: text.length, added: `${start}\ndef commands():\n${wanted.map((line) => `    ${line}\n`).join('')}` }]
  }
  if (another !== undefined) return refused(source, another, 'commands is set more than once: change it by hand')
  if (statement.kind !== 'function') {
    return refused(source, statement, 'commands is no function: change it by hand')
  }
  const { body } = statement.function
  const first = body[0]
  const last = body.at(-1)
  const leaves = body.find((item) => item.kind === 'return' || item.kind === 'raise')
  if (leaves !== undefined) return refused(source, leaves, 'commands() is left here: add its changes by hand')
  if (first === undefined || last === undefined || !startsLine(source.text, first)) {
    return refused(source, statement, 'commands() stands on one line: add its changes by hand')
  }
  const known = new Set(body.map((item) => plainQuotes(source.text.slice(item.at.from, item.at.to))))
  const missing = wanted.filter((line) => !known.has(plainQuotes(line)))
  if (missing.length === 0) return []
  const indent = lineBefore(source.text, first.at.from)
  const at = nextLine(source.text, last.at)
  const start = source.text[at - 1] === '\n' ? '' : '\n'
  return [{ at, added: start + missing.map((line) => `${indent}${line}\n`).join('') }]
}

/** The same statement in another style of quotes and white space. */
function plainQuotes(code: string): string {
  return code.replaceAll('"', "'").replace(/\s+/g, '')
}

function lineBefore(text: string, at: number): string {
  return text.slice(text.lastIndexOf('\n', at - 1) + 1, at)
}

function startsLine(text: string, { at }: Pick<Statement, 'at'>): boolean {
  return /^[ \t]*$/.test(lineBefore(text, at.from))
}

/** Where the line after a statement begins; spans of blocks reach beyond their last line. */
function nextLine(text: string, { from, to }: { readonly from: number; readonly to: number }): number {
  const end = from + text.slice(from, to).trimEnd().length
  const line = text.indexOf('\n', end)
  return line < 0 ? text.length : line + 1
}

function refused(source: Source, { at }: Pick<Statement, 'at'>, message: string): Fault {
  return faultAtLine('unsupported', source.file, at.line, message)
}

/** Null where the new text says what the old one said and the additions, nothing else. */
function provenFault(before: string, after: string, file: string, change: DefinitionChange): Fault | null {
  const old = readPackagePy(before, file, parsePython).definition
  const now = readPackagePy(after, file, parsePython).definition
  const fault = faultAtLine(
    'unsupported',
    file,
    null,
    'cannot be changed without changing its meaning: edit it by hand',
  )
  if (old === null || now === null) return fault
  if (change.requires.length > 0) {
    const texts = textsAttribute(old, 'requires') ?? []
    if (JSON.stringify([...texts, ...change.requires]) !== JSON.stringify(textsAttribute(now, 'requires'))) return fault
  }
  return meaning(old) === meaning(now) ? null : fault
}

/** Everything but what a change may touch, as one text. */
function meaning(definition: Definition): string {
  const attributes = [...definition.attributes].filter(([name]) => name !== 'requires').sort(byName)
  const functions = [...definition.functions.keys()].filter((name) => name !== 'commands').sort()
  const values = attributes.map(([name, { value }]) => [name, value])
  const unknown = [...definition.unknown.keys()].sort()
  return JSON.stringify([values, functions, unknown], (_, value: unknown) =>
    typeof value === 'bigint' ? `${value}n` : value,
  )
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1
}
