/** HST009: a command is taken from the system although a package of the context has it. */
import type { ResolvedCommand, WorldName } from '../domain/audit.ts'
import type { Package } from '../domain/context.ts'
import { packageId } from '../domain/context.ts'
import { baseName, folderName } from './facts/copies.ts'
import type { Executable } from './facts/executables.ts'
import { executablesOf } from './facts/executables.ts'
import type { Facts } from './facts/facts.ts'
import type { Draft, Rule } from './rule.ts'
import { defineRule } from './rule.ts'
import { some, systemFile, systemName } from './words.ts'

export const toolFromSystem: Rule = defineRule({
  id: 'HST009',
  name: 'tool-from-system',
  severity: 'warn',
  summary: 'A tool or the interpreter of a script comes from the system although a package of the context has it.',
  why: 'The system starts another version than the one that was resolved, with the environment of the context around it.',
  remedy:
    "Put the package's bin folder on PATH; start scripts through `#!/usr/bin/env`, not through a path of the system.",
  accept: 'Leave the script out with `ignore_paths` in airtight.yaml where nobody starts it.',
  judge: (facts) => [...collect(facts).values()].map((found) => draft(facts, found)),
})

interface Found {
  readonly owner: Package
  readonly name: string
  readonly commands: ResolvedCommand[]
  readonly holder: Executable
}

function collect(facts: Facts): Map<string, Found> {
  const holders = executablesOf(facts.audit)
  const broken = missingWitnesses(facts)
  const found = new Map<string, Found>()
  for (const world of facts.worlds) {
    for (const command of facts.audit.worlds[world]?.commands ?? []) {
      if (command.kind === 'program' || command.path === null || command.provider !== null) continue
      if (command.witness !== null && broken.has(`${packageId(command.owner)}\0${command.witness}`)) continue
      const name = baseName(command.name)
      const holder = holders.get(name)
      if (holder === undefined) continue
      const key = `${packageId(command.owner)}\0${command.owner.variant ?? ''}\0${name}`
      const known = found.get(key)
      if (known === undefined) found.set(key, { owner: command.owner, name, commands: [command], holder })
      else known.commands.push(command)
    }
  }
  return found
}

/** Scripts whose interpreter is missing somewhere: RES005 says it already. */
function missingWitnesses(facts: Facts): ReadonlySet<string> {
  const commands = facts.worlds.flatMap((world) => facts.audit.worlds[world]?.commands ?? [])
  return new Set(
    commands
      .filter((command) => command.path === null && command.witness !== null)
      .map((command) => `${packageId(command.owner)}\0${command.witness ?? ''}`),
  )
}

function draft(facts: Facts, found: Found): Draft {
  const first = found.commands[0]
  const worlds = [...new Set(found.commands.map((command) => command.world))]
  const world: WorldName | 'both' = worlds.length > 1 ? 'both' : (worlds[0] ?? 'host')
  const owner = packageId(found.owner)
  const scripts = found.commands.flatMap((command) => (command.witness === null ? [] : [command.witness]))
  const isTool = scripts.length === 0
  const what = isTool
    ? `The tool ${found.name} of ${owner}`
    : `The interpreter of ${some([...new Set(scripts)])} in ${owner}`
  const path = first?.path ?? ''
  const shown = first === undefined ? path : systemFile(facts.audit, first.world, path)
  const holder = packageId(found.holder.owner)
  const folder = folderName(`${found.holder.owner.root}/${found.holder.relative}`)
  return {
    package: found.owner,
    subject: found.name,
    world,
    message:
      `${what} is ${shown} of ${systemName(facts.audit, first?.world ?? 'host')}, although ` +
      `${holder} has ${found.holder.relative}.`,
    objects: scripts,
    evidence: {
      path,
      has: { package: holder, path: `${found.holder.owner.root}/${found.holder.relative}` },
      kind: first?.kind ?? null,
    },
    repairs:
      first?.kind === 'script'
        ? [
            {
              kind: 'advice',
              target: `${owner} ${found.name}`,
              text: `Start the script through #!/usr/bin/env ${found.name}.`,
            },
          ]
        : [
            {
              kind: 'environment',
              target: `${holder} PATH`,
              text: `env.PATH.prepend('${folder.replace(found.holder.owner.root, '{root}')}') in commands() of ${holder}.`,
              action: { kind: 'environment', owner: found.holder.owner, variable: 'PATH', op: 'prepend', folder },
            },
          ],
  }
}
