/** Knowledge in the code is what rules/ says. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { builtinDrivers, isCore } from '../../src/rules/knowledge/lookup.ts'
import { knowledgeModule, opensModule, packsModule } from '../../tools/generate-knowledge.ts'

it('is generated from the files that people read', async () => {
  const written = readFileSync(join(import.meta.dirname, '../../src/rules/knowledge/data.ts'), 'utf8')
  expect(written).toBe(await knowledgeModule())
  const opens = readFileSync(join(import.meta.dirname, '../../src/rules/knowledge/opens.ts'), 'utf8')
  expect(opens).toBe(await opensModule())
  const packs = readFileSync(join(import.meta.dirname, '../../src/policy/packs.ts'), 'utf8')
  expect(packs).toBe(await packsModule())
})

describe('drivers', () => {
  it.each(['libcuda.so.1', 'libcuda.so.550.54.14', 'libnvidia-glcore.so.550.54.14', 'libdxcore.so'])(
    'own %s',
    (name) => {
      expect(builtinDrivers.of(name)?.family.name).toBe('nvidia')
    },
  )

  it.each(['libGL.so.1', 'libGLdispatch.so.0', 'libvulkan.so.1', 'libOpenCL.so.1', 'libcudart.so.12', 'libdrm.so.2'])(
    'do not own %s',
    (name) => {
      expect(builtinDrivers.of(name)).toBeNull()
    },
  )

  it('know a stub by its folder and name', () => {
    expect(builtinDrivers.isStub('/cuda/lib64/stubs/libcuda.so')).toBe(true)
    expect(builtinDrivers.isStub('/cuda/lib64/stubs/libz.so')).toBe(false)
    expect(builtinDrivers.isStub('/cuda/lib64/libcuda.so')).toBe(false)
  })
})

it('every system gives the C library and the run-time of the compiler', () => {
  for (const name of ['libc.so.6', 'ld-linux-x86-64.so.2', 'libnss_dns.so.2', 'libgcc_s.so.1', 'libstdc++.so.6'])
    expect(isCore(name)).toBe(true)
  for (const name of ['libz.so.1', 'libgomp.so.1', 'libcrypt.so.1']) expect(isCore(name)).toBe(false)
})
