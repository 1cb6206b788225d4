/** Names of the variables that some code may change. */
import type { Expression } from '../python/syntax.ts'
import { walk } from '../python/walk.ts'

const METHODS = new Set(['set', 'reset', 'append', 'prepend', 'unset', 'setdefault'])
const FUNCTIONS = new Set(['setenv', 'resetenv', 'appendenv', 'prependenv', 'unsetenv'])

/** Variables that `code` may change; null stands for one whose name is not literal. */
export function touchedVariables(code: unknown): ReadonlySet<string | null> {
  const names = new Set<string | null>()
  walk(code, (node) => {
    if (!('kind' in node)) return true
    if (node.kind === 'assign') node.targets.forEach((target) => add(names, target))
    else if (node.kind === 'augmented') add(names, node.target)
    else if (node.kind === 'call' && node.arguments.some(({ value }) => isEnvironment(value))) names.add(null)
    else if (node.kind === 'call' && node.callee.kind === 'attribute' && METHODS.has(node.callee.name)) {
      add(names, node.callee.object)
    } else if (node.kind === 'call' && node.callee.kind === 'name' && FUNCTIONS.has(node.callee.name)) {
      const [first] = node.arguments
      if (first !== undefined) names.add(literal(first.value))
    }
    return true
  })
  return names
}

function add(names: Set<string | null>, target: Expression): void {
  if (target.kind === 'attribute' && isEnvironment(target.object)) names.add(target.name)
  if (target.kind === 'subscript' && isEnvironment(target.object)) names.add(literal(target.index))
}

function isEnvironment(node: Expression): boolean {
  return node.kind === 'name' && node.name === 'env'
}

function literal(node: Expression): string | null {
  return node.kind === 'constant' && node.value.kind === 'str' && !/[{$]/.test(node.value.value)
    ? node.value.value
    : null
}
