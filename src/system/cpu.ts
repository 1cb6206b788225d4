/** The processor a program will meet: declared by name, or that of this machine as glibc would judge it. */
import { readFileSync } from 'node:fs'
import { release } from 'node:os'
import type { Fault } from '../domain/fault.ts'
import { faultAtLine } from '../domain/fault.ts'
import type { Cpu, CpuLevel } from '../domain/system.ts'

const names = ['x86-64', 'x86-64-v2', 'x86-64-v3', 'x86-64-v4'] as const

/** Flags of /proc/cpuinfo that each level adds (sysdeps/x86/get-isa-level.h); pni is SSE3, abm is LZCNT. */
const levelFlags: readonly (readonly string[])[] = [
  ['cx16', 'lahf_lm', 'popcnt', 'pni', 'ssse3', 'sse4_1', 'sse4_2'],
  ['avx', 'avx2', 'bmi1', 'bmi2', 'f16c', 'fma', 'abm', 'movbe'],
  ['avx512f', 'avx512bw', 'avx512cd', 'avx512dq', 'avx512vl'],
]

const haswellFlags = ['avx2', 'fma', 'bmi1', 'bmi2', 'abm', 'movbe', 'popcnt']

/**
 * The processor by name: `x86-64`, `x86-64-v2`, `x86-64-v3`, `x86-64-v4` or `native`. A named level stands for an Intel
 * processor of that level, for only these get the platform names (see {@link cpuOfLevel}).
 */
export function parseCpu(name: string): Cpu | Fault {
  if (name === 'native') return nativeCpu()
  const index = (names as readonly string[]).indexOf(name)
  if (index < 0) {
    return faultAtLine('malformed', '--cpu', null, `unknown processor '${name}'; use ${names.join(', ')} or native`)
  }
  return cpuOfLevel((index + 1) as CpuLevel)
}

/** What the loader makes of an Intel processor of one level (sysdeps/x86/cpu-features.c). */
export function cpuOfLevel(level: CpuLevel): Cpu {
  return { level, platform: level >= 3 ? 'haswell' : null, legacy: level === 4 ? ['avx512_1'] : [], kernel: null }
}

/** The name of a level as `--cpu` takes it. */
export function levelName(level: CpuLevel): string {
  return names[level - 1] ?? names[0]
}

/** This machine's processor; the baseline where /proc/cpuinfo cannot be read or is of another family. */
export function nativeCpu(): Cpu {
  try {
    return { ...cpuFromInfo(readFileSync('/proc/cpuinfo', 'latin1')), kernel: parseKernel(release()) }
  } catch {
    return cpuOfLevel(1)
  }
}

/**
 * The processor described by the text of /proc/cpuinfo. Like glibc it gives a platform name and avx512_1 to Intel
 * processors alone: the same flags on another vendor's keep the name `x86_64`.
 */
export function cpuFromInfo(text: string): Cpu {
  const flags = new Set((/^flags\s*:(.*)$/m.exec(text)?.[1] ?? '').trim().split(/\s+/))
  const has = (wanted: readonly string[]): boolean => wanted.every((flag) => flags.has(flag))
  let level: CpuLevel = 1
  for (const wanted of levelFlags) {
    if (!has(wanted) || level === 4) break
    level = (level + 1) as CpuLevel
  }
  if (/^vendor_id\s*:\s*(.*)$/m.exec(text)?.[1]?.trim() !== 'GenuineIntel')
    return { level, platform: null, legacy: [], kernel: null }
  const wide = has(['avx512f', 'avx512cd'])
  const phi = wide && has(['avx512er'])
  const platform = phi && has(['avx512pf']) ? 'xeon_phi' : has(haswellFlags) ? 'haswell' : null
  const legacy = wide && !phi && has(['avx512bw', 'avx512dq', 'avx512vl']) ? ['avx512_1'] : []
  return { level, platform, legacy, kernel: null }
}

/** The numbers of a kernel release such as `5.14.0-427.el9.x86_64`, null where it does not begin with any. */
export function parseKernel(release: string): readonly [number, number, number] | null {
  const match = /^(\d+)\.(\d+)(?:\.(\d+))?/.exec(release)
  return match === null ? null : [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)]
}

/** The level as bits of GNU_PROPERTY_X86_ISA_1: level 3 is 0b111. */
export function isaBits(level: CpuLevel): number {
  return 2 ** level - 1
}
