/** RES005: the interpreter of a program or script is missing. */
import type { ResolvedCommand, WorldName } from '../domain/audit.ts'
import type { Package } from '../domain/context.ts'
import { packageId } from '../domain/context.ts'
import type { Facts } from './facts/facts.ts'
import type { Draft, Rule } from './rule.ts'
import { defineRule } from './rule.ts'
import { some, systemName } from './words.ts'

export const interpreterMissing: Rule = defineRule({
  id: 'RES005',
  name: 'interpreter-missing',
  severity: 'error',
  summary: 'The interpreter of a program (PT_INTERP) or of a script (`#!`) is missing.',
  why: 'The kernel answers "No such file or directory" for a file that is plainly there.',
  remedy:
    'Install the interpreter in the image, start scripts through `#!/usr/bin/env`, or build for the loader of the base.',
  accept: 'Leave the script out with `ignore_paths` in airtight.yaml where nobody starts it.',
  judge: (facts) => [...collect(facts).values()].map((found) => draft(facts, found)),
})

interface Found {
  readonly owner: Package
  readonly name: string
  readonly commands: ResolvedCommand[]
}

function collect(facts: Facts): Map<string, Found> {
  const found = new Map<string, Found>()
  for (const world of facts.worlds) {
    for (const command of facts.audit.worlds[world]?.commands ?? []) {
      if (command.kind === 'tool' || command.path !== null) continue
      const key = `${packageId(command.owner)}\0${command.owner.variant ?? ''}\0${command.name}`
      const known = found.get(key)
      if (known === undefined) found.set(key, { owner: command.owner, name: command.name, commands: [command] })
      else known.commands.push(command)
    }
  }
  return found
}

function draft(facts: Facts, found: Found): Draft {
  const worlds = [...new Set(found.commands.map((command) => command.world))]
  const world: WorldName | 'both' = worlds.length > 1 ? 'both' : (worlds[0] ?? 'base')
  const scripts = [
    ...new Set(found.commands.flatMap((command) => (command.witness === null ? [] : [command.witness]))),
  ].sort()
  const kind = found.commands[0]?.kind
  const what = kind === 'program' ? 'the loader' : kind === 'env' ? 'the command' : 'the interpreter'
  const where = worlds.map((name) => systemName(facts.audit, name)).join(' and ')
  const hostOnly = world === 'host' && facts.worlds.includes('base')
  return {
    package: found.owner,
    subject: found.name,
    world,
    ...(hostOnly ? { severity: 'warn' as const } : {}),
    message: `${packageId(found.owner)} (${some(scripts)}) is started by ${what} ${found.name}, which is missing from ${where}: it cannot start there.`,
    objects: scripts,
    evidence: { kind: kind ?? null, worlds },
    repairs: [
      { kind: 'advice', target: found.name, text: `Install ${found.name} in the image, or bring it in a package.` },
    ],
  }
}
