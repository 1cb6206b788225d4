/** Placing the tables of a file: offsets and addresses of the pieces of its two segments. */

/** A table with its place. */
export interface Piece {
  readonly name: string
  readonly bytes: Uint8Array
  readonly align: number
}

export interface Placed extends Piece {
  readonly offset: number
  readonly address: number
}

/** Places pieces one after the other from `start`; `shift` is address minus offset. Empty pieces take no room. */
export function place(pieces: readonly Piece[], start: number, shift: number): ReadonlyMap<string, Placed> {
  const placed = new Map<string, Placed>()
  let at = start
  for (const piece of pieces) {
    if (piece.bytes.length === 0) continue
    at = Math.ceil(at / piece.align) * piece.align
    placed.set(piece.name, { ...piece, offset: at, address: at + shift })
    at += piece.bytes.length
  }
  return placed
}

/** The offset after the last piece, or `start` where there is none. */
export function endOf(placed: ReadonlyMap<string, Placed>, start: number): number {
  let end = start
  for (const piece of placed.values()) end = Math.max(end, piece.offset + piece.bytes.length)
  return end
}
