/** The order of `ld.so.cache`: runs of digits compare as numbers (elf/dl-cache.c `_dl_cache_libcmp`). */

/**
 * Compares a name with the NUL-terminated string at `at`; the end of the bytes counts as NUL, as the zero fill of the
 * last page does. Numbers wrap at 32 bits and `char` is signed or not, as in the loader.
 */
export function compareNames(name: Uint8Array, bytes: Uint8Array, at: number, signed: boolean): number {
  let i = 0
  let k = at
  for (;;) {
    const a = name[i] ?? 0
    const b = bytes[k] ?? 0
    if (a === 0) return -char(b, signed)
    if (isDigit(a) && isDigit(b)) {
      let left = 0
      let right = 0
      for (let digit = a; isDigit(digit); digit = name[i] ?? 0) {
        left = (Math.imul(left, 10) + digit - 0x30) | 0
        i += 1
      }
      for (let digit = b; isDigit(digit); digit = bytes[k] ?? 0) {
        right = (Math.imul(right, 10) + digit - 0x30) | 0
        k += 1
      }
      if (left !== right) return (left - right) | 0
      continue
    }
    if (isDigit(a)) return 1
    if (isDigit(b)) return -1
    if (a !== b) return char(a, signed) - char(b, signed)
    i += 1
    k += 1
  }
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}

function char(byte: number, signed: boolean): number {
  return signed && byte > 127 ? byte - 256 : byte
}
