/** REQ004: a range admits versions of a package that lack what is needed of it. */
import type { Package } from '../domain/context.ts'
import { packageId } from '../domain/context.ts'
import { readElf } from '../elf/read.ts'
import { failed } from '../domain/tree.ts'
import type { Copy } from './facts/copies.ts'
import type { Facts } from './facts/facts.ts'
import { requiredName } from './facts/requirements.ts'
import type { Sibling } from './facts/siblings.ts'
import { admittedSiblings, libraryOf } from './facts/siblings.ts'
import type { Use } from './facts/uses.ts'
import type { Draft, Rule } from './rule.ts'
import { defineRule } from './rule.ts'
import { some, witnesses } from './words.ts'

export const requirementTooLoose: Rule = defineRule({
  id: 'REQ004',
  name: 'requirement-too-loose',
  severity: 'warn',
  summary:
    'A requirement admits versions in the repository that lack the library, or the symbol versions, that are needed.',
  why: 'The next release of the required package, or an older one that another package asks for, resolves and does not load.',
  remedy: 'Narrow the range to the versions that were built against.',
  accept: 'Where such versions are never released to the same users: `rules: {REQ004: note}`.',
  judge: (facts) => [...required(facts).values()].flatMap((pair) => draft(facts, pair)),
})

/** What one package needs of another that it requires. */
interface Pair {
  readonly owner: Package
  readonly provider: Package
  readonly requirement: string
  readonly needs: Map<string, { readonly copy: Copy; readonly uses: Use[] }>
}

function required(facts: Facts): ReadonlyMap<string, Pair> {
  const pairs = new Map<string, Pair>()
  for (const use of facts.uses) {
    const owner = use.object.owner
    const copy = facts.copies
      .publicCopies(use.name, use.object)
      .find((item) => item.owner !== owner && facts.requirements.direct(owner).has(item.owner.name))
    if (copy === undefined) continue
    const requirement = owner.requires.find((text) => requiredName(text) === copy.owner.name)
    if (requirement === undefined) continue
    const key = `${packageId(owner)}\0${owner.variant ?? ''}\0${copy.owner.name}`
    const pair: Pair = pairs.get(key) ?? { owner, provider: copy.owner, requirement, needs: new Map() }
    pairs.set(key, pair)
    const need = pair.needs.get(use.name)
    if (need === undefined) pair.needs.set(use.name, { copy, uses: [use] })
    else need.uses.push(use)
  }
  return pairs
}

interface Failing {
  readonly sibling: Sibling
  readonly lacks: string
  readonly uses: readonly Use[]
}

/** Ranges fail at their ends: the lowest and the highest version that they admit are looked at. */
function draft(facts: Facts, pair: Pair): readonly Draft[] {
  const siblings = admittedSiblings(facts.audit, pair.provider, pair.requirement)
  const ends = [...new Set([siblings[0], siblings.at(-1)])].filter((sibling) => sibling !== undefined)
  const failing = ends.flatMap((sibling) => failures(facts, pair, sibling))
  const [first] = failing
  if (first === undefined) return []
  const owner = packageId(pair.owner)
  const versions = [...new Set(failing.map(({ sibling }) => sibling.version.text))]
  const lacks = [...new Set(failing.map((item) => item.lacks))]
  return [
    {
      package: pair.owner,
      subject: pair.provider.name,
      world: 'both',
      message:
        `${owner} requires '${pair.requirement}', which admits ${some(versions.map((version) => `${pair.provider.name}-${version}`))}: ` +
        `${versions.length === 1 ? 'it lacks' : 'they lack'} ${some(lacks)}.`,
      objects: witnesses(failing.flatMap(({ uses }) => uses)),
      evidence: { requirement: pair.requirement, versions, lacks, has: pair.provider.version },
      repairs: [
        {
          kind: 'advice',
          target: `${owner} ${pair.provider.name}`,
          text: `Narrow '${pair.requirement}' in requires of ${owner} so that it admits ${pair.provider.version} and not ${some(versions)}.`,
        },
      ],
    },
  ]
}

function failures(facts: Facts, pair: Pair, sibling: Sibling): readonly Failing[] {
  return [...pair.needs].flatMap(([name, { copy, uses }]) => {
    const like = copy.path.startsWith(`${pair.provider.base}/`) ? copy.path.slice(pair.provider.base.length + 1) : ''
    const found = libraryOf(facts.audit.machine, sibling, like, name)
    if (found === undefined) return []
    if (found === null) return [{ sibling, lacks: name, uses }]
    const lacking = missingVersions(facts, found, name, uses)
    return lacking.length === 0 ? [] : [{ sibling, lacks: `${some(lacking)} in ${name}`, uses }]
  })
}

/** Version nodes that the objects demand of the library and that the file does not define (elf/dl-version.c). */
function missingVersions(facts: Facts, path: string, name: string, uses: readonly Use[]): readonly string[] {
  const wanted = new Set<string>()
  for (const { object } of uses) {
    for (const need of object.reading.object?.versionNeeds ?? []) {
      if (need.file === name && !need.weak) wanted.add(need.version)
    }
  }
  if (wanted.size === 0) return []
  const file = facts.audit.machine.open(path)
  if (failed(file)) return []
  try {
    const { object } = readElf(file, path)
    if (object?.hasVersionDefinitions !== true) return []
    const defined = new Set(object.versionDefinitions.map((node) => node.name))
    return [...wanted].filter((node) => !defined.has(node)).sort()
  } finally {
    file.close()
  }
}
