/** Built-in bases: every fact has a source, only sourced ones decide, and the rows that were written before the code hold. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { EM_386, EM_X86_64, ELFCLASS32, ELFCLASS64 } from '../../src/domain/object.ts'
import type { System } from '../../src/domain/system.ts'
import { failed } from '../../src/domain/tree.ts'
import { resolveClosure } from '../../src/loader/closure.ts'
import { cpuOfLevel } from '../../src/system/cpu.ts'
import { coreLibraries, findProfile, knownSonames, openProfile } from '../../src/system/profile.ts'
import { histories, profiles } from '../../src/system/profile-data.ts'
import { openSource } from '../../src/system/source.ts'
import { createWorld } from '../../src/system/world.ts'
import { openFolderTree } from '../../src/tree/folder.ts'
import { REPOSITORY } from '../project/repository.ts'

interface Expected {
  readonly libraries: Readonly<Record<string, Readonly<Record<string, Row | string>>>>
  readonly versions: Readonly<Record<string, Readonly<Record<string, string>>>>
}

interface Row {
  readonly verdict: string
  readonly grade: string
  readonly package?: string
  readonly now?: string
}

const sample = join(REPOSITORY, 'samples/migration')
const expected = parse(readFileSync(join(sample, 'expected.yaml'), 'utf8')) as Expected
const BASES = ['rocky-8', 'rocky-9'] as const

function open(name: string): System {
  const profile = findProfile(name)
  if (profile === null) throw new Error(`no profile ${name}`)
  const system = openProfile(profile, cpuOfLevel(1))
  if ('message' in system) throw new Error(system.message)
  return system
}

/** The verdict of a profile on a soname, in the words of expected.yaml. */
function verdict(system: System, soname: string): Row {
  const profile = findProfile(system.label)
  if (profile !== null && coreLibraries(profile).has(soname)) return { verdict: 'has', grade: 'sourced' }
  const fact = system.tells?.(soname) ?? null
  const sourced = fact?.grade === 'sourced' && fact.package !== null ? 'package' : system.absence(soname)
  return {
    verdict: sourced,
    grade: fact?.grade ?? 'unverified',
    ...(fact?.package == null ? {} : { package: fact.package }),
    ...(fact?.gone === true && fact.now !== null ? { now: fact.now } : {}),
  }
}

describe.each(BASES)('%s', (base) => {
  it.each(Object.entries(expected.libraries))('says of %s what was written before', (soname, rows) => {
    expect(verdict(open(base), soname)).toEqual(rows[base])
  })

  it.each(Object.entries(expected.versions))('says of %s what was written before', (node, rows) => {
    const [soname = '', version = ''] = node.split(' ')
    const system = open(base)
    const found = system.tree.lookup(`/lib64/${soname}`)
    const world = createWorld({ name: 'base', system })
    const defined =
      !failed(found) && world.read(found.path).object?.versionDefinitions.some(({ name }) => name === version) === true
    expect(defined ? 'has' : system.versionAbsence?.(soname, version)).toBe(rows[base])
  })

  it('is a system in which a program resolves as far as it is known', () => {
    const system = open(base)
    const rez = join(sample, 'rez/reviewer/7.0.2/bin')
    const world = createWorld({
      name: 'base',
      system,
      mounts: [{ source: openFolderTree(rez), folder: '/', at: '/opt/reviewer' }],
    })
    const closure = resolveClosure(world, '/opt/reviewer/reviewer', { inside: null })
    const found = closure.objects.filter((object) => object.file !== null).map((object) => object.name)
    expect(found).toEqual(expect.arrayContaining(['libstdc++.so.6', 'libc.so.6']))
    expect(closure.objects.find((object) => object.name === 'libX11.so.6')?.how).toBe('missing')
    expect(system.notes.filter((note) => note.includes('does not tell'))).toEqual([])
  })
})

it('every row of the sample stands for a need of its binaries', () => {
  const system = openFolderTree(join(sample, 'rez'))
  const world = createWorld({ name: 'base', system: { ...open('rocky-9'), tree: system } })
  const files = [
    '/folder_watch/1.3.0/lib/libwatch.so.1.3',
    '/shotdb_client/3.1.0/lib/libshotdb.so.3.1.0',
    '/reviewer/7.0.2/bin/reviewer',
  ]
  const needs = files.flatMap((file) => world.read(file).object?.needs.map((need) => need.name) ?? [])
  expect([...new Set(needs)].filter((name) => name !== 'libshotdb.so.3').sort()).toEqual(
    Object.keys(expected.libraries).sort(),
  )
})

it('every fact has a source and a grade', () => {
  const facts = [
    ...profiles.flatMap(({ facts: list, glibc }) => (glibc === null ? list : [glibc, ...list])),
    ...Object.values(histories).flat(),
  ]
  expect(facts.length).toBeGreaterThan(600)
  expect(
    facts.filter(({ source, grade }) => source.length < 8 || !/^(sourced|derived|unverified)$/.test(grade)),
  ).toEqual([])
  // What is called sourced names a place, and what is common knowledge is not called sourced.
  expect(facts.filter(({ source, grade }) => grade === 'sourced' && source.includes('general knowledge'))).toEqual([])
})

it('only sourced facts let a base lack something', () => {
  for (const profile of profiles.filter(({ glibc }) => glibc !== null)) {
    const system = open(profile.name)
    for (const fact of knownSonames(profile)) {
      const soname = fact.soname.replaceAll('*', 'x')
      // A more exact entry may stand beside a glob.
      const { gone, grade } = system.tells?.(soname) ?? fact
      expect([soname, system.absence(soname)]).toEqual([soname, gone && grade === 'sourced' ? 'lacks' : 'unknown'])
    }
    expect(system.absence('libnobody-knows.so.7')).toBe('unknown')
    expect(system.versionAbsence?.('libnobody-knows.so.7', 'GLIBC_9.9')).toBe('unknown')
  }
})

it('has no loader for a machine that it does not know', () => {
  const system = open('rocky-9')
  expect(system.loader(null, EM_386, ELFCLASS32)).toBeNull()
  expect(system.loader('/lib64/ld-linux-x86-64.so.2', EM_X86_64, ELFCLASS64)?.version).toEqual([2, 34])
})

it('is named as a source, and one without a C library is refused', async () => {
  const named = await openSource('rocky-9', null)
  expect('message' in named ? named.message : named.label).toBe('rocky-9')
  const year = await openSource('vfx-2014', null)
  expect('message' in year ? year.message : '').toContain('names no glibc')
  const nobody = await openSource('rocky-99', null)
  expect('message' in nobody ? nobody.message : '').toContain('no built-in base')
})
