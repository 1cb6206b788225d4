/** The parser for who can wait for it: the grammar is loaded only where a text is not plain. */
import { parsePlain } from './plain.ts'
import type { Parse } from './plain.ts'

/** Thrown where it takes the grammar. */
class GrammarWanted extends Error {}

const plainOnly: Parse = (text, _file, firstLine) => {
  const module = parsePlain(text, firstLine)
  if (module === null) throw new GrammarWanted()
  return module
}

/** What `read` makes of texts; it is run again with the grammar where one of them is not plain. */
export async function withParser<Answer>(read: (parse: Parse) => Answer): Promise<Answer> {
  try {
    return read(plainOnly)
  } catch (error) {
    if (!(error instanceof GrammarWanted)) throw error
  }
  const { parsePython } = await import('./parse.ts')
  return read(parsePython)
}
