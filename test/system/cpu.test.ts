/** Processors: names, levels and platform names as glibc gives them, subfolders per version. */
import { describe, expect, it } from 'vitest'
import { EM_386, EM_AARCH64, EM_PPC64, EM_RISCV, EM_S390, EM_X86_64 } from '../../src/domain/object.ts'
import { faultText } from '../../src/domain/fault.ts'
import type { Cpu } from '../../src/domain/system.ts'
import { cpuFromInfo, cpuOfLevel, isaBits, levelName, nativeCpu, parseCpu, parseKernel } from '../../src/system/cpu.ts'
import { activeLevels, loaderPlatform, loaderSubfolders } from '../../src/system/subfolders.ts'

const v2 = 'fpu sse sse2 cx16 lahf_lm popcnt pni ssse3 sse4_1 sse4_2'
const v3 = `${v2} avx avx2 bmi1 bmi2 f16c fma abm movbe`
const v4 = `${v3} avx512f avx512bw avx512cd avx512dq avx512vl`
const info = (flags: string, vendor = 'GenuineIntel'): string =>
  `processor\t: 0\nvendor_id\t: ${vendor}\nflags\t\t: ${flags}\nbogomips\t: 1\n`

describe('names', () => {
  it.each([
    ['x86-64', 1],
    ['x86-64-v2', 2],
    ['x86-64-v3', 3],
    ['x86-64-v4', 4],
  ] as const)('%s is level %i', (name, level) => {
    expect(parseCpu(name)).toEqual(cpuOfLevel(level))
    expect(levelName(level)).toBe(name)
  })

  it('says what it knows when a name is wrong', () => {
    const fault = parseCpu('haswell')
    expect('kind' in fault && faultText(fault)).toBe(
      "--cpu: unknown processor 'haswell'; use x86-64, x86-64-v2, x86-64-v3, x86-64-v4 or native",
    )
  })

  it('knows this machine', () => {
    expect(parseCpu('native')).toEqual(nativeCpu())
  })

  it('gives levels the bits of the GNU property', () => {
    expect([1, 2, 3, 4].map((level) => isaBits(level as 1 | 2 | 3 | 4))).toEqual([1, 3, 7, 15])
  })
})

describe('/proc/cpuinfo', () => {
  it.each([
    ['fpu sse sse2', 1],
    [v2, 2],
    [v3, 3],
    [v4, 4],
    [v2.replace('cx16 ', ''), 1],
    [v3.replace('abm ', ''), 2],
    [v4.replace('avx512vl', ''), 3],
    [`fpu ${v4.replace('ssse3', '')}`, 1],
  ] as const)('%s', (flags, level) => {
    expect(cpuFromInfo(info(flags)).level).toBe(level)
  })

  it('names a platform on Intel alone', () => {
    expect(cpuFromInfo(info(v3)).platform).toBe('haswell')
    expect(cpuFromInfo(info(v3, 'AuthenticAMD'))).toEqual({ level: 3, platform: null, legacy: [], kernel: null })
    expect(cpuFromInfo(info(v4, 'AuthenticAMD')).legacy).toEqual([])
  })

  it('tells xeon_phi from avx512_1', () => {
    expect(cpuFromInfo(info(v4))).toMatchObject({ platform: 'haswell', legacy: ['avx512_1'] })
    const phi = `${v3} avx512f avx512cd avx512er avx512pf`
    expect(cpuFromInfo(info(phi))).toMatchObject({ level: 3, platform: 'xeon_phi', legacy: [] })
    expect(cpuFromInfo(info(`${v4} avx512er`))).toMatchObject({ platform: 'haswell', legacy: [] })
  })

  it('takes the baseline from a text without flags', () => {
    expect(cpuFromInfo('Processor : AArch64')).toEqual(cpuOfLevel(1))
  })

  it('reads kernel releases', () => {
    expect(parseKernel('5.14.0-427.el9.x86_64')).toEqual([5, 14, 0])
    expect(parseKernel('6.1-rc3')).toEqual([6, 1, 0])
    expect(parseKernel('unknown')).toBeNull()
  })
})

describe('subfolders', () => {
  const wide = cpuOfLevel(4)

  it('gives the legacy list up to 2.32', () => {
    expect(loaderSubfolders([2, 31], wide, EM_X86_64)).toEqual([
      'tls/haswell/avx512_1/x86_64/',
      'tls/haswell/avx512_1/',
      'tls/haswell/x86_64/',
      'tls/haswell/',
      'tls/avx512_1/x86_64/',
      'tls/avx512_1/',
      'tls/x86_64/',
      'tls/',
      'haswell/avx512_1/x86_64/',
      'haswell/avx512_1/',
      'haswell/x86_64/',
      'haswell/',
      'avx512_1/x86_64/',
      'avx512_1/',
      'x86_64/',
    ])
  })

  it('repeats names where the platform is x86_64 itself', () => {
    const legacy = ['tls/x86_64/x86_64/', 'tls/x86_64/', 'tls/x86_64/', 'tls/', 'x86_64/x86_64/', 'x86_64/', 'x86_64/']
    expect(loaderSubfolders([2, 31], cpuOfLevel(1), EM_X86_64)).toEqual(legacy)
    expect(loaderSubfolders([2, 36], cpuOfLevel(2), EM_X86_64)).toEqual(['glibc-hwcaps/x86-64-v2/', ...legacy])
  })

  it('knew only tls and the platform before 2.26', () => {
    expect(loaderSubfolders([2, 17], wide, EM_X86_64)).toEqual(['tls/x86_64/', 'tls/', 'x86_64/'])
  })

  it('puts glibc-hwcaps first from 2.33 on, alone from 2.37 on', () => {
    const modern = ['glibc-hwcaps/x86-64-v4/', 'glibc-hwcaps/x86-64-v3/', 'glibc-hwcaps/x86-64-v2/']
    expect(loaderSubfolders([2, 32], wide, EM_X86_64)[0]).toBe('tls/haswell/avx512_1/x86_64/')
    expect(loaderSubfolders([2, 33], wide, EM_X86_64).slice(0, 4)).toEqual([...modern, 'tls/haswell/avx512_1/x86_64/'])
    expect(loaderSubfolders([2, 37], wide, EM_X86_64)).toEqual(modern)
    expect(loaderSubfolders([3, 0], wide, EM_X86_64)).toEqual(modern)
    expect(loaderSubfolders(null, wide, EM_X86_64)).toEqual(modern)
  })

  it('knows other machines by their names', () => {
    const named = (platform: string): Cpu => ({ level: 1, platform, legacy: [], kernel: null })
    expect(activeLevels(named('power10'), EM_PPC64)).toEqual(['power10', 'power9'])
    expect(activeLevels(named('z15'), EM_S390)).toEqual(['z15', 'z14', 'z13'])
    expect(activeLevels(named('power8'), EM_PPC64)).toEqual([])
    expect(activeLevels(cpuOfLevel(4), EM_S390)).toEqual(['z17'].slice(1))
    expect(loaderSubfolders([2, 41], wide, EM_AARCH64)).toEqual([])
    expect(loaderSubfolders([2, 31], wide, EM_AARCH64)).toEqual(['tls/aarch64/', 'tls/', 'aarch64/'])
    const atomics: Cpu = { ...cpuOfLevel(1), legacy: ['atomics'] }
    expect(loaderSubfolders([2, 31], atomics, EM_AARCH64)[0]).toBe('tls/aarch64/atomics/')
    expect(loaderSubfolders([2, 31], wide, EM_386).slice(0, 2)).toEqual(['tls/i686/sse2/', 'tls/i686/'])
    expect(loaderSubfolders([2, 31], wide, EM_RISCV)).toEqual(['tls/'])
  })
})

describe('$PLATFORM', () => {
  it.each([
    ['x86-64 without a name', EM_X86_64, cpuOfLevel(2), 'x86_64'],
    ['x86-64 with a name', EM_X86_64, cpuOfLevel(3), 'haswell'],
    ['i386', EM_386, cpuOfLevel(3), 'i686'],
    ['aarch64', EM_AARCH64, cpuOfLevel(3), 'aarch64'],
    ['ppc64 nobody named', EM_PPC64, cpuOfLevel(1), null],
    ['riscv', EM_RISCV, cpuOfLevel(1), null],
  ])('%s', (_, machine, cpu, platform) => {
    expect(loaderPlatform([2, 36], cpu, machine)).toBe(platform)
  })

  it('was the kernel word before 2.26', () => {
    expect(loaderPlatform([2, 17], cpuOfLevel(3), EM_X86_64)).toBe('x86_64')
  })
})
