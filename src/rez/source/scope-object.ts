/** The object that `with scope(NAME) as x:` binds: what is set on it, at any depth, is a setting (`src/rez/utils/scope.py`). */
import { raised } from '../python/runtime.ts'
import type { HostObject, Rt } from '../python/runtime.ts'

/** A scope that reports each value set on it by its dotted name. */
export function scopeObject(name: string, set: (key: string, value: Rt) => void): HostObject {
  const key = (index: Rt): string =>
    index.kind === 'str' ? index.value : raised('TypeError', 'a scope takes text as key')
  return {
    kind: 'object',
    type: `scope ${name}`,
    attribute: (member) => scopeObject(`${name}.${member}`, set),
    setAttribute: (member, value) => set(`${name}.${member}`, value),
    item: (index) => scopeObject(`${name}.${key(index)}`, set),
    setItem: (index, value) => set(`${name}.${key(index)}`, value),
  }
}
