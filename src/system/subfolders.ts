/** Subfolders of a search folder that hold libraries for one processor: glibc-hwcaps and the legacy scheme before it. */
import type { Cpu } from '../domain/system.ts'
import { EM_386, EM_AARCH64, EM_PPC64, EM_S390, EM_X86_64 } from '../domain/object.ts'

export type LibcVersion = readonly [number, number]

/** Whether `version` is `major.minor` or newer; an unknown version counts as newest. */
export function atLeast(version: LibcVersion | null, major: number, minor: number): boolean {
  return version === null || version[0] > major || (version[0] === major && version[1] >= minor)
}

/** Value of `$PLATFORM`, null where it depends on a processor nobody named (glibc sysdeps/x86/cpu-features.c, AT_PLATFORM). */
export function loaderPlatform(version: LibcVersion | null, cpu: Cpu, machine: number): string | null {
  switch (machine) {
    case EM_X86_64:
      // Named platforms came with 2.26; before it the kernel's word stood.
      return atLeast(version, 2, 26) ? (cpu.platform ?? 'x86_64') : 'x86_64'
    case EM_386:
      return 'i686'
    case EM_AARCH64:
      return 'aarch64'
    case EM_PPC64:
    case EM_S390:
      return cpu.platform
    default:
      return null
  }
}

/**
 * Subfolders in the order the loader tries them in each folder, with trailing slash, repeats kept: the legacy list up to
 * 2.32, glibc-hwcaps and then the legacy list from 2.33 to 2.36, glibc-hwcaps alone from 2.37 on
 * (elf/dl-hwcaps.c `_dl_important_hwcaps`).
 */
export function loaderSubfolders(version: LibcVersion | null, cpu: Cpu, machine: number): readonly string[] {
  const modern = atLeast(version, 2, 33) ? activeLevels(cpu, machine) : []
  const legacy = atLeast(version, 2, 37) ? [] : legacySubfolders(version, cpu, machine)
  return [...modern.map((level) => `glibc-hwcaps/${level}/`), ...legacy]
}

/** Active glibc-hwcaps names, best first (sysdeps/.../dl-hwcaps-subdirs.c). */
export function activeLevels(cpu: Cpu, machine: number): readonly string[] {
  if (machine === EM_X86_64) {
    return ['x86-64-v4', 'x86-64-v3', 'x86-64-v2'].slice(4 - cpu.level)
  }
  if (machine === EM_PPC64) return downFrom(['power10', 'power9'], cpu.platform)
  if (machine === EM_S390) return downFrom(['z17', 'z16', 'z15', 'z14', 'z13'], cpu.platform)
  return []
}

function downFrom(levels: readonly string[], best: string | null): readonly string[] {
  const index = best === null ? -1 : levels.indexOf(best)
  return index < 0 ? [] : levels.slice(index)
}

/** A binary count-down over (tls, platform, hardware capabilities from the highest bit down), the folder itself left out. */
function legacySubfolders(version: LibcVersion | null, cpu: Cpu, machine: number): readonly string[] {
  const platform = loaderPlatform(version, cpu, machine)
  const parts = ['tls', ...(platform === null ? [] : [platform]), ...legacyCapabilities(version, cpu, machine)]
  const out: string[] = []
  for (let bits = 2 ** parts.length - 1; bits > 0; bits -= 1) {
    const chosen = parts.filter((_, index) => ((bits >> (parts.length - 1 - index)) & 1) === 1)
    out.push(`${chosen.join('/')}/`)
  }
  return out
}

function legacyCapabilities(version: LibcVersion | null, cpu: Cpu, machine: number): readonly string[] {
  if (machine === EM_386) return ['sse2']
  if (machine === EM_AARCH64) return cpu.legacy.includes('atomics') ? ['atomics'] : []
  // Before 2.26 x86-64 had no important capabilities: tls/x86_64, tls, x86_64.
  if (machine !== EM_X86_64 || !atLeast(version, 2, 26)) return []
  return cpu.legacy.includes('avx512_1') ? ['avx512_1', 'x86_64'] : ['x86_64']
}
