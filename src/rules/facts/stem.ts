/** What two majors of one library have in common: the soname without its version. */

/**
 * The stem of a soname, null for a name without version: `libtiff` for `libtiff.so.6`, `libImath` for
 * `libImath-3_1.so.29`. A number behind the dash is a version only with a further part, for `libpcre2-8` and `libpcre2-16`
 * are two libraries.
 */
export function stemOf(soname: string): string | null {
  const match = /^(lib.+?)(?:-\d+[._]\d[\d._]*)?\.so\.[\d.]+$/.exec(soname)
  return match?.[1] ?? null
}
