/** Rex's texts: literal and expandable pieces (`EscapedString` in `src/rez/rex.py`). */
import { withoutMarks, writtenText } from '../python/caller-text.ts'
import { builtin, str, unknown } from '../python/runtime.ts'
import type { HostObject, Rt } from '../python/runtime.ts'
import { textOf } from '../python/text.ts'

export interface Piece {
  readonly literal: boolean
  readonly text: string
}

/** What `literal()` and `expandable()` make; its methods add to it in place, as Rez's do. */
export class EscapedText implements HostObject {
  readonly kind = 'object'
  readonly type = 'EscapedString'
  pieces: readonly Piece[]

  constructor(pieces: readonly Piece[]) {
    this.pieces = pieces
  }

  text(): string {
    return withoutMarks(this.written())
  }

  written(): string {
    return plain(this.pieces)
  }

  equals(other: Rt): boolean {
    return (other.kind === 'str' || other instanceof EscapedText) && textOf(other) === this.text()
  }

  add(other: Rt): Rt {
    return new EscapedText(joined(this.pieces, piecesOf(other)))
  }

  attribute(name: string): Rt | null {
    const literal = name === 'literal' || name === 'l'
    if (!literal && name !== 'expandable' && name !== 'e') return null
    return builtin(name, ([value]) => {
      const text = value === undefined ? unknown(`TypeError: ${name}() takes text`) : textOf(value)
      this.pieces = joined(this.pieces, [{ literal, text }])
      return this
    })
  }
}

/** The pieces of a value: those of an escaped text, else its text as one that is expanded. */
export function piecesOf(value: Rt): readonly Piece[] {
  if (value instanceof EscapedText) return value.pieces
  return [{ literal: false, text: writtenText(value) }]
}

/** The text without the distinction. */
export function plain(pieces: readonly Piece[]): string {
  return pieces.map((piece) => piece.text).join('')
}

/** Applies `work` to the pieces that are not literal. */
export function mapped(pieces: readonly Piece[], work: (text: string) => string): readonly Piece[] {
  return pieces.map((piece) => (piece.literal ? piece : { literal: false, text: work(piece.text) }))
}

/** `literal(value)` and `expandable(value)`. */
export function escapedFunction(name: string, literal: boolean): HostObject {
  return builtin(name, ([value = str('')]) => new EscapedText([{ literal, text: textOf(value) }]))
}

function joined(left: readonly Piece[], right: readonly Piece[]): readonly Piece[] {
  const out = [...left]
  for (const piece of right) {
    const last = out[out.length - 1]
    if (last?.literal === piece.literal) out[out.length - 1] = { literal: piece.literal, text: last.text + piece.text }
    else out.push(piece)
  }
  return out
}
