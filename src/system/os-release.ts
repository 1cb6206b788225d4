/** The distribution by os-release(5). */
import { decodeBytes } from '../domain/bytes.ts'
import type { OsRelease } from '../domain/system.ts'
import type { Tree } from '../domain/tree.ts'
import { failed } from '../domain/tree.ts'

const FILES = ['/etc/os-release', '/usr/lib/os-release']
const MAX_SIZE = 64 * 1024

/** The distribution of a tree, null where neither file can be read. */
export function readOsRelease(tree: Tree): OsRelease | null {
  for (const file of FILES) {
    const content = tree.content(file, MAX_SIZE)
    if (!failed(content)) return parseOsRelease(decodeBytes(content))
  }
  return null
}

/** The fields of one os-release file; the defaults of os-release(5) where a field is absent. */
export function parseOsRelease(text: string): OsRelease {
  const fields = new Map<string, string>()
  for (const line of text.split('\n')) {
    const match = /^\s*([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line)
    if (match !== null) fields.set(match[1] ?? '', unquote((match[2] ?? '').trim()))
  }
  const id = fields.get('ID') ?? 'linux'
  return { id, version: fields.get('VERSION_ID') ?? '', name: fields.get('PRETTY_NAME') ?? fields.get('NAME') ?? id }
}

/** A shell word: single quotes keep everything, double quotes and bare words take a backslash before the next character. */
function unquote(word: string): string {
  if (word.startsWith("'")) return word.slice(1, word.endsWith("'") && word.length > 1 ? -1 : undefined)
  const inner = word.startsWith('"') ? word.slice(1, word.endsWith('"') && word.length > 1 ? -1 : undefined) : word
  return inner.replace(/\\(.)/g, '$1')
}
