/** Maps of sparse files in tar archives: GNU's old headers, and the three forms in PAX records (GNU tar manual, D.2). */
import { BLOCK, number } from './tar-header.ts'

/** A piece of a sparse file that the archive holds; what lies between is zeros. */
export interface Piece {
  readonly offset: number
  readonly length: number
}

const MAX_PIECES = 1 << 20

/** Adds the pairs of offset and length of an old GNU header or of one of its extensions; false where one is no number. */
export function addOldPieces(block: Uint8Array, start: number, count: number, pieces: Piece[]): boolean {
  for (let i = 0; i < count; i += 1) {
    const at = start + i * 24
    if (block[at] === 0) break
    const offset = number(block, at, 12)
    const length = number(block, at + 12, 12)
    if (offset === null || length === null || pieces.length >= MAX_PIECES) return false
    pieces.push({ offset, length })
  }
  return true
}

/** The map of the PAX forms 0.0 and 0.1, `offset,length,...`; null where it is no such list. */
export function parsePieces(list: string): readonly Piece[] | null {
  const numbers = list === '' ? [] : list.split(',').map(Number)
  if (numbers.length % 2 !== 0 || numbers.length > 2 * MAX_PIECES) return null
  if (!numbers.every((value) => Number.isSafeInteger(value) && value >= 0)) return null
  const pieces: Piece[] = []
  for (let i = 0; i < numbers.length; i += 2) pieces.push({ offset: numbers[i] ?? 0, length: numbers[i + 1] ?? 0 })
  return pieces
}

/** The map of the PAX form 1.0, which stands in whole blocks before the data: decimal numbers, one in each line. */
export class PieceReader {
  /** The pieces once the map is complete. */
  pieces: readonly Piece[] | null = null
  #text = ''
  #numbers: number[] = []
  #wanted = -1

  /** Takes one block; false where it is no such map. */
  block(block: Uint8Array): boolean {
    const lines = (this.#text + Buffer.from(block.subarray(0, BLOCK)).toString('latin1')).split('\n')
    this.#text = lines.slice(-1).join('')
    for (const line of lines.slice(0, -1)) {
      if (!/^\d{1,16}$/.test(line)) return false
      if (this.#wanted < 0) this.#wanted = Number(line) * 2
      else this.#numbers.push(Number(line))
      if (this.#wanted > 2 * MAX_PIECES) return false
      if (this.#numbers.length === this.#wanted) {
        this.pieces = parsePieces(this.#numbers.join(','))
        return this.pieces !== null
      }
    }
    return this.#text.length <= 16
  }
}

/** A sentence where the pieces are not in order, overlap, leave the file, or do not add up to what is stored. */
export function problemOfPieces(pieces: readonly Piece[], size: number, stored: number): string | null {
  let end = 0
  let total = 0
  for (const { offset, length } of pieces) {
    if (offset < end || offset + length > size) return 'the map of a sparse file is out of order or leaves the file'
    end = offset + length
    total += length
  }
  return total === stored ? null : 'the map of a sparse file does not fit the data'
}
