/** Names of the variables that some code may change. */
import type { Expression } from '../python/syntax.ts'
import { walk } from '../python/walk.ts'

const METHODS = new Set(['set', 'reset', 'append', 'prepend', 'unset', 'setdefault'])
const FUNCTIONS = new Set(['setenv', 'resetenv', 'appendenv', 'prependenv', 'unsetenv'])

/** What names of the code stand for, null where that is not known. */
export type NamedTexts = (name: string) => string | null

/** Variables that `code` may change; null stands for one whose name is not known. */
export function touchedVariables(code: unknown, texts: NamedTexts = () => null): ReadonlySet<string | null> {
  const names = new Set<string | null>()
  const literal = (node: Expression): string | null => nameIn(node, texts)
  const add = (target: Expression): void => {
    if (target.kind === 'attribute' && isEnvironment(target.object)) names.add(target.name)
    if (target.kind === 'subscript' && isEnvironment(target.object)) names.add(literal(target.index))
  }
  walk(code, (node) => {
    if (!('kind' in node)) return true
    if (node.kind === 'assign') node.targets.forEach(add)
    else if (node.kind === 'augmented') add(node.target)
    else if (node.kind === 'call' && node.arguments.some(({ value }) => isEnvironment(value))) names.add(null)
    else if (node.kind === 'call' && node.callee.kind === 'attribute' && METHODS.has(node.callee.name)) {
      add(node.callee.object)
    } else if (node.kind === 'call' && node.callee.kind === 'name' && FUNCTIONS.has(node.callee.name)) {
      const [first] = node.arguments
      if (first !== undefined) names.add(literal(first.value))
    }
    return true
  })
  return names
}

function isEnvironment(node: Expression): boolean {
  return node.kind === 'name' && node.name === 'env'
}

function nameIn(node: Expression, texts: NamedTexts): string | null {
  const text =
    node.kind === 'name'
      ? texts(node.name)
      : node.kind === 'constant' && node.value.kind === 'str'
        ? node.value.value
        : null
  return text === null || /[{$]/.test(text) ? null : text
}
