/** Which sonames are one library of different versions. */

/**
 * Sonames of a list that name the same library as `soname` in another version, sorted: the same name before `.so`, or the
 * same but for a version at its end (libpython3.9, libicuuc, libIlmImf-2_5).
 */
export function insteadOf(soname: string, names: Iterable<string>): readonly string[] {
  const [name, stem] = [nameOf(soname), stemOf(soname)]
  const found: string[] = []
  for (const other of names) {
    if (other === soname || !other.includes('.so')) continue
    const versioned = stem !== name && stemOf(other) === stem && nameOf(other) !== stem
    if (nameOf(other) === name || versioned) found.push(other)
  }
  return [...new Set(found)].sort()
}

function nameOf(soname: string): string {
  const end = soname.indexOf('.so')
  return end < 0 ? soname : soname.slice(0, end)
}

/** Without a version at the end: behind a dash, or of two parts at least, for libX11 is no libX. */
function stemOf(soname: string): string {
  return nameOf(soname).replace(/(?:[-_]\d[\d._]*|\d+(?:\.\d+)+)$/, '')
}

/**
 * The name that Debian gives to the package of a run-time library: libtiff.so.6 is in libtiff6, libglib-2.0.so.0 in
 * libglib2.0-0 (Debian Policy 8.1). Only lists of Debian's family know such names.
 */
export function debianName(soname: string): string {
  return soname
    .replace(/(\d)\.so\./, '$1-')
    .replace(/\.so\./, '')
    .toLowerCase()
    .replaceAll('_', '-')
    .replace(/^(lib[a-z+]+)-(\d+\.\d+-\d)/, '$1$2')
}
