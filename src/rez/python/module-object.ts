/** A module of Python's library, as far as it is known. */
import { unknown } from './runtime.ts'
import type { HostObject, Rt } from './runtime.ts'

/** A module of which these members are known; null, as those that are not named, is not. */
export function moduleOf(name: string, members: Readonly<Record<string, Rt | null>>): HostObject {
  return {
    kind: 'object',
    type: `module ${name}`,
    attribute: (member) =>
      (Object.hasOwn(members, member) ? members[member] : null) ??
      unknown(`${name}.${member} depends on the machine or is not evaluated`),
  }
}
