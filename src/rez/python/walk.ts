/** Visits every node below some code. */
import type { Expression, FunctionNode, Statement } from './syntax.ts'

/** Called for each statement, expression and function; a false answer leaves out what is below. */
export type Visitor = (node: Expression | Statement | FunctionNode) => boolean

/** Visits `code` and all below it in the order of the text. */
export function walk(code: unknown, visitor: Visitor): void {
  const stack: unknown[] = [code]
  while (stack.length > 0) {
    const item = stack.pop()
    if (Array.isArray(item)) {
      for (let i = item.length - 1; i >= 0; i -= 1) stack.push(item[i])
      continue
    }
    if (typeof item !== 'object' || item === null) continue
    if (isNode(item) && (!visitor(item) || item.kind === 'constant')) continue
    for (const [name, field] of Object.entries(item).reverse()) if (name !== 'at') stack.push(field)
  }
}

/** Everything with a place in the text is a node of the syntax tree. */
function isNode(item: object): item is Expression | Statement {
  return 'at' in item
}
