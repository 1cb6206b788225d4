/** PKG004: an object asks for an executable stack. */
import type { PackageObject, Severity, WorldName } from '../domain/audit.ts'
import { packageId } from '../domain/context.ts'
import { setupFor } from '../loader/sessions.ts'
import type { Facts } from './facts/facts.ts'
import type { Draft, Rule } from './rule.ts'
import { defineRule } from './rule.ts'
import { systemName } from './words.ts'

/** From this glibc on dlopen refuses such an object (NEWS of 2.41). */
const STRICT = 41

export const execStack: Rule = defineRule({
  id: 'PKG004',
  name: 'exec-stack',
  severity: 'warn',
  summary:
    'An object asks for an executable stack, which glibc 2.41 and later refuse to give to what is opened with dlopen.',
  why: 'A plugin or Python module that loads today fails on a newer base with "cannot enable executable stack". Mostly one assembler file without a `.note.GNU-stack` section asks for it by mistake.',
  remedy:
    'Link with `-Wl,-z,noexecstack` where nothing runs code on the stack, or clear the flag: `patchelf --clear-execstack FILE`.',
  accept: 'Where code does run on the stack, the tunable `glibc.rtld.execstack=2` (2.42) keeps it working.',
  judge: (facts) => facts.audit.objects.flatMap((object) => draft(facts, object)),
})

function draft(facts: Facts, object: PackageObject): readonly Draft[] {
  if (object.reading.object?.executableStack !== true) return []
  const opened = object.role === 'plugin' || object.role === 'python-module'
  const strict = facts.worlds.filter((world) => refuses(facts, world, object))
  const refused = opened && strict.length > 0
  const severity: Severity = refused ? 'error' : 'warn'
  const owner = packageId(object.owner)
  const where = strict.map((world) => systemName(facts.audit, world)).join(' and ')
  const then = refused ? ` It is opened with dlopen, which ${where} ${strict.length === 1 ? 'refuses' : 'refuse'}.` : ''
  return [
    {
      package: object.owner,
      subject: object.relative,
      world:
        refused && strict.length === 1
          ? (strict[0] ?? 'both')
          : facts.worlds.length === 1
            ? (facts.worlds[0] ?? 'both')
            : 'both',
      severity,
      message: `${object.relative} of ${owner} asks for an executable stack (PT_GNU_STACK).${then}`,
      objects: [object.relative],
      evidence: { role: object.role, refused_by: refused ? strict : [] },
      repairs: [
        {
          kind: 'advice',
          target: `${owner} ${object.relative}`,
          text: `Link ${object.relative} with -Wl,-z,noexecstack, or clear the flag with patchelf --clear-execstack.`,
        },
      ],
    },
  ]
}

function refuses(facts: Facts, world: WorldName, object: PackageObject): boolean {
  const resolved = facts.audit.worlds[world]
  const setup = resolved === undefined ? null : setupFor(resolved.world, object.reading.object)
  const version = setup?.version ?? null
  return setup?.libc === 'glibc' && version !== null && (version[0] > 2 || version[1] >= STRICT)
}
