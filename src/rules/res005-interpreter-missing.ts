/** RES005: the interpreter of a program or script is missing. */
import type { RepairHint, ResolvedCommand, WorldName } from '../domain/audit.ts'
import type { Package } from '../domain/context.ts'
import { packageId } from '../domain/context.ts'
import { baseName, folderName } from './facts/copies.ts'
import type { Executable } from './facts/executables.ts'
import { executablesOf } from './facts/executables.ts'
import type { Facts } from './facts/facts.ts'
import { isProfile } from './facts/unknown.ts'
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
  judge: (facts) => {
    const executables = executablesOf(facts.audit)
    return [...collect(facts).values()].map((found) => draft(facts, found, holderOf(executables, baseName(found.name))))
  },
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
      if (command.kind !== 'program' && isProfile(facts, world)) continue
      const key = `${packageId(command.owner)}\0${command.owner.variant ?? ''}\0${command.name}`
      const known = found.get(key)
      if (known === undefined) found.set(key, { owner: command.owner, name: command.name, commands: [command] })
      else known.commands.push(command)
    }
  }
  return found
}

function draft(facts: Facts, found: Found, holder: Executable | null): Draft {
  const worlds = [...new Set(found.commands.map((command) => command.world))]
  const world: WorldName | 'both' = worlds.length > 1 ? 'both' : (worlds[0] ?? 'base')
  const scripts = [
    ...new Set(found.commands.flatMap((command) => (command.witness === null ? [] : [command.witness]))),
  ].sort()
  const kind = found.commands[0]?.kind
  const what = kind === 'program' ? 'the loader' : kind === 'env' ? 'the command' : 'the interpreter'
  const where = worlds.map((name) => systemName(facts.audit, name)).join(' and ')
  const hostOnly = world === 'host' && facts.worlds.includes('base')
  // A script that does not start where the software works today is nothing that anybody relies on.
  const neverStarted = world === 'both' && kind !== 'program'
  return {
    package: found.owner,
    subject: found.name,
    world,
    ...(hostOnly || neverStarted ? { severity: 'warn' as const } : {}),
    message:
      `${packageId(found.owner)} (${some(scripts)}) is started by ${what} ${found.name}, which is missing from ${where}: it cannot start there${neverStarted ? ', and does not on the host either' : ''}.` +
      (holder === null ? '' : ` ${packageId(holder.owner)} has ${holder.relative}.`),
    objects: scripts,
    evidence: { kind: kind ?? null, worlds, held_by: holder === null ? null : packageId(holder.owner) },
    repairs: repairs(found, holder),
  }
}

function repairs(found: Found, holder: Executable | null): RepairHint[] {
  const kind = found.commands[0]?.kind
  if (holder === null || kind === 'program') {
    const text = `Install ${found.name} in the image, or bring it in a package.`
    const action = { kind: 'command' as const, path: found.name }
    return [{ kind: 'advice', target: found.name, text, ...(kind === 'script' ? { action } : {}) }]
  }
  const name = baseName(found.name)
  const { owner } = holder
  const path = `${owner.root}/${holder.relative}`
  const target = `${packageId(found.owner)} ${name}`
  if (kind === 'env' && baseName(holder.relative) === name) {
    const text = `env.PATH.append('{root}/${folderName(holder.relative)}') in commands() of ${packageId(owner)}.`
    const action = { kind: 'environment', owner, variable: 'PATH', op: 'append', folder: folderName(path) } as const
    return [{ kind: 'advice', target, text, action }]
  }
  const link = kind === 'env' ? `/usr/bin/${name}` : found.name
  const text = kind === 'env' ? `Make a link ${link} in the image.` : `Start the script through #!/usr/bin/env ${name}.`
  return [{ kind: 'advice', target, text, action: { kind: 'image-link', owner, path: link, target: path } }]
}

/** The program that has the name, or for a Python named more loosely the newest that is meant by it. */
function holderOf(executables: ReadonlyMap<string, Executable>, name: string): Executable | null {
  const exact = executables.get(name)
  if (exact !== undefined || !/^python\d?$/.test(name)) return exact ?? null
  const version = (item: string): number => Number(/^python\d\.(\d+)$/.exec(item)?.[1] ?? -1)
  const fitting = [...executables.keys()].filter((item) => item.startsWith(name) && version(item) >= 0)
  const newest = fitting.sort((a, b) => version(b) - version(a))[0]
  return newest === undefined ? null : (executables.get(newest) ?? null)
}
