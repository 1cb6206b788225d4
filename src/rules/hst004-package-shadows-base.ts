/** HST004: the environment makes commands of the system load a package's library. */
import { packageId } from '../domain/context.ts'
import type { PackageObject, WorldName } from '../domain/audit.ts'
import { isLibc } from './knowledge/lookup.ts'
import type { Facts } from './facts/facts.ts'
import { folderName } from './facts/copies.ts'
import type { Draft, Rule } from './rule.ts'
import { defineRule } from './rule.ts'
import { some, systemName } from './words.ts'

export const packageShadowsBase: Rule = defineRule({
  id: 'HST004',
  name: 'package-shadows-base',
  severity: 'warn',
  summary: "The environment makes commands of the system load a package's library.",
  why: 'LD_LIBRARY_PATH holds for every program started in the context: shells, Python, git. With a foreign libcrypto or libtinfo they fail in ways that nobody connects with the package.',
  remedy:
    "Take the folder off LD_LIBRARY_PATH and give the package's objects a run path, or leave the library out of the package.",
  accept: 'Where the copy is known to be compatible: `rules: {HST004: off}` in airtight.yaml.',
  judge: (facts) => [...collect(facts).values()].map((found) => draft(facts, found)),
})

interface Found {
  readonly object: PackageObject
  readonly name: string
  readonly world: WorldName
  readonly tools: string[]
}

/** The base counts where there is one: it is the system that tools will run on. */
function collect(facts: Facts): Map<string, Found> {
  const world = facts.worlds.at(-1)
  const found = new Map<string, Found>()
  if (world === undefined) return found
  for (const tool of facts.audit.worlds[world]?.systemTools ?? []) {
    for (const load of tool.loads) {
      const object = facts.copies.object(load.file)
      if (object === null) continue
      const key = `${load.file}\0${load.name}`
      const known = found.get(key)
      if (known === undefined) found.set(key, { object, name: load.name, world, tools: [tool.path] })
      else if (!known.tools.includes(tool.path)) known.tools.push(tool.path)
    }
  }
  return found
}

function draft(facts: Facts, found: Found): Draft {
  const owner = packageId(found.object.owner)
  const folder = folderName(found.object.path)
  return {
    package: found.object.owner,
    subject: found.name,
    world: found.world,
    ...(isLibc(found.name) ? { severity: 'error' as const } : {}),
    message:
      `Inside this context ${some(found.tools)} of ${systemName(facts.audit, found.world)} load ` +
      `${found.object.relative} of ${owner} instead of the system's own ${found.name}: ${folder} is on LD_LIBRARY_PATH.`,
    objects: [found.object.relative],
    evidence: { tools: found.tools, file: found.object.path },
    repairs: [
      {
        kind: 'exclude',
        target: `${owner} ${found.object.relative}`,
        text: `Leave ${found.object.relative} out of ${owner}, or take ${folder} off LD_LIBRARY_PATH.`,
      },
    ],
  }
}
