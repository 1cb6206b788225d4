/** REQ007: a package says platform, architecture or operating system, and its ELF files say something else. */
import type { PackageObject } from '../domain/audit.ts'
import type { Package } from '../domain/context.ts'
import { packageId } from '../domain/context.ts'
import type { ElfHeader } from '../domain/object.ts'
import type { Facts } from './facts/facts.ts'
import { machineName } from './knowledge/machines.ts'
import { releaseOf } from './knowledge/releases.ts'
import type { Draft, Rule } from './rule.ts'
import { defineRule } from './rule.ts'
import { some } from './words.ts'

/** Rez's names of architectures (platform_.py) as e_machine and class. */
const MACHINES: Readonly<Record<string, readonly [machine: number, elfClass: number]>> = {
  x86_64: [62, 2],
  amd64: [62, 2],
  i386: [3, 1],
  i686: [3, 1],
  aarch64: [183, 2],
  arm64: [183, 2],
}

export const variantDishonest: Rule = defineRule({
  id: 'REQ007',
  name: 'variant-dishonest',
  severity: 'error',
  summary: 'A package requires a platform, an architecture or an operating system that its ELF files contradict.',
  why: 'Rez picks the variant for a machine on which it cannot run. Whoever has that machine learns it from the loader.',
  remedy: 'Build the variant where it says, or let it say where it was built.',
  accept: 'Where a newer C library is brought along on purpose: `rules: {REQ007: warn}` for that package.',
  judge: (facts) => facts.context.packages.flatMap((item) => draftsOf(facts, item)),
})

function draftsOf(facts: Facts, item: Package): readonly Draft[] {
  const objects = [...facts.objectsOf(item), ...facts.audit.foreign.filter((object) => object.owner === item)]
  if (objects.length === 0) return []
  return [...new Set(item.requires)].flatMap((requirement) => {
    const found = platform(requirement, objects) ?? architecture(requirement, objects) ?? system(requirement, objects)
    return found === null ? [] : [draft(item, requirement, found)]
  })
}

interface Contradiction {
  readonly says: string
  readonly objects: readonly PackageObject[]
}

function platform(requirement: string, objects: readonly PackageObject[]): Contradiction | null {
  const name = /^platform[-=@#]{1,2}([a-z]+)/i.exec(requirement)?.[1]?.toLowerCase()
  if (name !== 'windows' && name !== 'osx') return null
  return { says: 'holds ELF files, which no other platform than Linux starts', objects }
}

/** Only where nothing at all is built for the architecture: files for a second one may be there on purpose. */
function architecture(requirement: string, objects: readonly PackageObject[]): Contradiction | null {
  const name = /^arch[-=@#]{1,2}([a-z0-9_]+)/i.exec(requirement)?.[1]?.toLowerCase() ?? ''
  const wanted = MACHINES[name]
  if (wanted === undefined || objects.some((object) => isFor(object.reading.header, wanted))) return null
  const built = [...new Set(objects.map((object) => machineName(object.reading.header)))].sort()
  return { says: `is built for ${some(built)}`, objects }
}

function isFor(header: ElfHeader | null, [machine, elfClass]: readonly [number, number]): boolean {
  return header?.machine === machine && header.class === elfClass
}

function system(requirement: string, objects: readonly PackageObject[]): Contradiction | null {
  const release = releaseOf(requirement)
  if (release === null) return null
  const needs = objects.flatMap((object) => {
    const version = highestGlibc(object)
    return version !== null && isNewer(version, release.glibc) ? [{ object, version }] : []
  })
  const highest = needs
    .map(({ version }) => version)
    .sort(compare)
    .at(-1)
  if (highest === undefined) return null
  const says = `asks for GLIBC_${highest.join('.')}; ${release.os} ${release.version} has ${release.glibc.join('.')}`
  return { says, objects: needs.map(({ object }) => object) }
}

type GlibcVersion = readonly [number, number]

/** The highest GLIBC node that the object demands and cannot do without. */
function highestGlibc(object: PackageObject): GlibcVersion | null {
  const versions = (object.reading.object?.versionNeeds ?? []).flatMap(({ version, weak }): readonly GlibcVersion[] => {
    const match = weak ? null : /^GLIBC_(\d{1,3})\.(\d{1,3})/.exec(version)
    return match === null ? [] : [[Number(match[1]), Number(match[2])]]
  })
  return versions.sort(compare).at(-1) ?? null
}

function compare(a: GlibcVersion, b: GlibcVersion): number {
  return a[0] - b[0] || a[1] - b[1]
}

function isNewer(a: GlibcVersion, b: GlibcVersion): boolean {
  return compare(a, b) > 0
}

function draft(item: Package, requirement: string, { says, objects }: Contradiction): Draft {
  const owner = packageId(item)
  const files = objects.map((object) => object.relative).sort()
  return {
    package: item,
    subject: /^[a-z]+/i.exec(requirement)?.[0] ?? requirement,
    world: 'both',
    message: `${owner} requires ${requirement}, and ${says} (${some(files)}).`,
    objects: files,
    evidence: { claimed: requirement },
    repairs: [
      {
        kind: 'advice',
        target: `${owner} ${requirement}`,
        text: `Build ${owner} for ${requirement}, or give it the requirement that it meets.`,
      },
    ],
  }
}
