/** `try`: what its body raises is caught as Python would catch it; from the first statement that is not known, nothing more is. */
import { catches, Stopped, Thrown } from './exceptions.ts'
import type { Flow, Machine } from './machine.ts'
import { bindingFrame, NotEvaluated, Raised } from './runtime.ts'
import type { Frame } from './runtime.ts'
import type { Handler, Statement } from './syntax.ts'

type TryStatement = Extract<Statement, { kind: 'try' }>

/** How the parts of the statement are run. */
export interface TryParts {
  readonly statement: (statement: Statement) => Flow
  readonly block: (code: readonly Statement[]) => Flow
  readonly passOver: (code: readonly Statement[], reason: string) => Flow
}

/** Runs the statement. Inside it nothing that is not known is passed over silently: it might raise. */
export function tryFlow(machine: Machine, frame: Frame, statement: TryStatement, parts: TryParts): Flow {
  const { text, calls } = machine
  for (const [i, inner] of statement.body.entries()) {
    let flow: Flow
    machine.tries += 1
    machine.facts.parent.tries += 1
    try {
      flow = parts.statement(inner)
    } catch (error) {
      if (!(error instanceof NotEvaluated) && !(error instanceof Stopped) && !(error instanceof Thrown)) throw error
      machine.text = text
      machine.calls = calls
      const handler = error instanceof NotEvaluated && !(error instanceof Raised) ? null : handlerOf(statement, error)
      if (handler === null) {
        machine.report(text, inner.at, `inside try: ${error.message}`)
        const rest = [...statement.body.slice(i), ...statement.handlers.flatMap((one) => one.body)]
        return parts.passOver([...rest, ...statement.otherwise, ...statement.last], error.message)
      }
      if (handler === 'none') {
        parts.block(statement.last)
        throw error
      }
      return handled(frame, statement, handler, parts)
    } finally {
      machine.tries -= 1
      machine.facts.parent.tries -= 1
    }
    if (flow !== 'next') return last(statement, flow, parts)
  }
  return last(statement, parts.block(statement.otherwise), parts)
}

/** The handler that takes the error, `none` where it goes on outwards; null where that is not known. */
function handlerOf(statement: TryStatement, error: Error): Handler | 'none' | null {
  if (!(error instanceof Raised) && !(error instanceof Thrown)) return null
  for (const handler of statement.handlers) {
    const taken = catches(handler.types, error.error)
    if (taken === null) return null
    if (taken) return handler
  }
  return 'none'
}

function handled(frame: Frame, statement: TryStatement, handler: Handler, parts: TryParts): Flow {
  const { name } = handler
  if (name === null) return last(statement, parts.block(handler.body), parts)
  const { names } = bindingFrame(frame, name)
  names.set(name, { kind: 'unknown', reason: 'the text of an exception is not evaluated' })
  const flow = parts.block(handler.body)
  // Python forgets the name at the end of the handler.
  names.delete(name)
  return last(statement, flow, parts)
}

/** `finally`: a flow of its own wins. */
function last(statement: TryStatement, flow: Flow, parts: TryParts): Flow {
  const end = parts.block(statement.last)
  return end === 'next' ? flow : end
}
