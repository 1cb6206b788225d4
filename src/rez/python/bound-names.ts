/** Names that code binds. */
import type { Expression, Statement } from './syntax.ts'
import { walk } from './walk.ts'

/** Names that code would bind in its own frame. */
export function boundNames(code: readonly Statement[]): ReadonlySet<string> {
  const names = new Set<string>()
  const target = (node: Expression): void => {
    if (node.kind === 'name') names.add(node.name)
    if (node.kind === 'tuple' || node.kind === 'list') node.items.forEach(target)
    if (node.kind === 'starred') target(node.value)
  }
  walk(code, (node) => {
    if (!('kind' in node)) {
      names.add(node.name)
      return false
    }
    if (node.kind === 'try') for (const { name } of node.handlers) if (name !== null) names.add(name)
    if (node.kind === 'walrus') target(node.target)
    if (node.kind === 'assign' || node.kind === 'delete') node.targets.forEach(target)
    else if (node.kind === 'augmented' || node.kind === 'for') target(node.target)
    else if (node.kind === 'with' && node.target !== null) target(node.target)
    else if (node.kind === 'import') {
      for (const { module, name, alias } of node.names) names.add(alias ?? name ?? module.split('.')[0] ?? module)
    }
    if (node.kind === 'class') {
      names.add(node.name)
      return false
    }
    return true
  })
  return names
}
