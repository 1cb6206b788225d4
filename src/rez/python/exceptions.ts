/** Exceptions of Python as far as `try` needs them: names, and which class catches which. */
import type { Expression } from './syntax.ts'

/** Thrown by `raise`, from the statement to the `try` that catches it, or to the end of the evaluation. */
export class Thrown extends Error {
  /** Name of the class. */
  readonly error: string

  constructor(error: string) {
    super(`the code raises ${error} here, at which Rez stops`)
    this.error = error
  }
}

/** Ends the evaluation of a whole piece of code, such as Rez's `stop()`. */
export class Stopped extends Error {}

/** The class above each ("Exception hierarchy" of Python's library reference). */
const ABOVE: Readonly<Record<string, string>> = {
  KeyError: 'LookupError',
  IndexError: 'LookupError',
  LookupError: 'Exception',
  ValueError: 'Exception',
  UnicodeError: 'ValueError',
  TypeError: 'Exception',
  AttributeError: 'Exception',
  AssertionError: 'Exception',
  NameError: 'Exception',
  UnboundLocalError: 'NameError',
  ZeroDivisionError: 'ArithmeticError',
  ArithmeticError: 'Exception',
  RuntimeError: 'Exception',
  NotImplementedError: 'RuntimeError',
  RecursionError: 'RuntimeError',
  ImportError: 'Exception',
  ModuleNotFoundError: 'ImportError',
  StopIteration: 'Exception',
  OSError: 'Exception',
  FileNotFoundError: 'OSError',
  NotADirectoryError: 'OSError',
  PermissionError: 'OSError',
  Exception: 'BaseException',
  SystemExit: 'BaseException',
  KeyboardInterrupt: 'BaseException',
}

/** Other names of `OSError`. */
const SAME: Readonly<Record<string, string>> = { IOError: 'OSError', EnvironmentError: 'OSError' }

/** The class that a `raise` or an `except` names: `X`, `module.X`, `X(...)`; null for anything else. */
export function errorName(node: Expression): string | null {
  if (node.kind === 'name' || node.kind === 'attribute') return SAME[node.name] ?? node.name
  return node.kind === 'call' ? errorName(node.callee) : null
}

/** Whether a handler with these types catches an error; null where that is not known. */
export function catches(types: Expression | null, error: string): boolean | null {
  if (types === null) return true
  const names = (types.kind === 'tuple' ? types.items : [types]).map(errorName)
  if (names.includes(error)) return true
  const ancestors = new Set<string>()
  for (let at = ABOVE[error]; at !== undefined; at = ABOVE[at]) ancestors.add(at)
  if (names.some((name) => name !== null && ancestors.has(name))) return true
  // Classes of the code's own stand below Exception, it is not known where.
  if (ABOVE[error] === undefined) return names.includes('Exception') || names.includes('BaseException') ? true : null
  return names.every((name) => name !== null && (ABOVE[name] !== undefined || name === 'BaseException')) ? false : null
}
