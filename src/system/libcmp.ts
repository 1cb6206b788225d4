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
      const left = number(name, i)
      const right = number(bytes, k)
      if (left.value !== right.value) return (left.value - right.value) | 0
      i = left.end
      k = right.end
      continue
    }
    if (isDigit(a)) return 1
    if (isDigit(b)) return -1
    if (a !== b) return char(a, signed) - char(b, signed)
    i += 1
    k += 1
  }
}

function number(bytes: Uint8Array, start: number): { readonly value: number; readonly end: number } {
  let value = 0
  let end = start
  for (let byte = bytes[end] ?? 0; isDigit(byte); byte = bytes[end] ?? 0) {
    value = (Math.imul(value, 10) + byte - 0x30) | 0
    end += 1
  }
  return { value, end }
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}

function char(byte: number, signed: boolean): number {
  return signed && byte > 127 ? byte - 256 : byte
}
