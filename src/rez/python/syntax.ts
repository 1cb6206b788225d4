/** Syntax trees of the Python that package definitions are written in; what has no node here is `unsupported`, by name. */
import type { Value } from './value.ts'

/** Where a node stands in the text it was parsed from. */
export interface Span {
  /** Line of the file, counted from 1. */
  readonly line: number
  /** UTF-16 offsets into the text. */
  readonly from: number
  readonly to: number
}

export type UnaryOperator = '-' | '+' | '~' | 'not'
export type BinaryOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**' | '@' | '<<' | '>>' | '&' | '|' | '^'
export type CompareOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in' | 'is' | 'is not'

/** `{expression!conversion:spec}` inside an f-string. */
export interface Replacement {
  readonly expression: Expression
  readonly conversion: 'r' | 's' | 'a' | null
  readonly spec: readonly (string | Replacement)[]
}

export interface Argument {
  /** The keyword, null for a positional argument. */
  readonly name: string | null
  /** `*` or `**` before the argument. */
  readonly star: '*' | '**' | null
  readonly value: Expression
}

/** `for target in iterable if ... if ...`. */
export interface ComprehensionClause {
  readonly target: Expression
  readonly iterable: Expression
  readonly conditions: readonly Expression[]
}

type Node<Kind extends string, Fields = unknown> = { readonly kind: Kind; readonly at: Span } & Readonly<Fields>

export type Expression =
  | Node<'constant', { value: Value }>
  | Node<'name', { name: string }>
  | Node<'fstring', { parts: readonly (string | Replacement)[] }>
  | Node<'list' | 'tuple' | 'set', { items: readonly Expression[] }>
  /** A null key is `**value`. */
  | Node<'dict', { entries: readonly { readonly key: Expression | null; readonly value: Expression }[] }>
  | Node<'starred', { value: Expression }>
  | Node<'unary', { operator: UnaryOperator; operand: Expression }>
  | Node<'binary', { operator: BinaryOperator; left: Expression; right: Expression }>
  | Node<'logical', { operator: 'and' | 'or'; left: Expression; right: Expression }>
  /** `first < b <= c`: each operator compares with the operand before it. */
  | Node<
      'compare',
      { first: Expression; rest: readonly { readonly operator: CompareOperator; readonly right: Expression }[] }
    >
  | Node<'conditional', { test: Expression; then: Expression; otherwise: Expression }>
  | Node<'call', { callee: Expression; arguments: readonly Argument[] }>
  | Node<'attribute', { object: Expression; name: string }>
  | Node<'subscript', { object: Expression; index: Expression }>
  | Node<'slice', { lower: Expression | null; upper: Expression | null; step: Expression | null }>
  /** `key` is null except for a dict comprehension. */
  | Node<
      'comprehension',
      {
        form: 'list' | 'set' | 'dict' | 'generator'
        key: Expression | null
        element: Expression
        clauses: readonly ComprehensionClause[]
      }
    >
  /** `target := value`. */
  | Node<'walrus', { target: Expression; value: Expression }>
  | Node<'lambda', { parameters: readonly Parameter[]; body: Expression }>
  /** `what` names the construct in Python's words. */
  | Node<'unsupported', { what: string }>

export interface Parameter {
  readonly name: string
  readonly star: '*' | '**' | null
  readonly fallback: Expression | null
}

export interface Decorator {
  readonly name: string
  readonly arguments: readonly Argument[]
}

export interface FunctionNode {
  readonly name: string
  readonly at: Span
  readonly parameters: readonly Parameter[]
  readonly decorators: readonly Decorator[]
  readonly body: readonly Statement[]
}

/** `except types as name:`. */
export interface Handler {
  /** A class or a tuple of them; null catches all. */
  readonly types: Expression | null
  readonly name: string | null
  readonly body: readonly Statement[]
}

export interface ImportedName {
  readonly module: string
  /** For `from module import name`; null for `import module`. */
  readonly name: string | null
  /** The name bound by `as`, null without. */
  readonly alias: string | null
}

export type Statement =
  | Node<'expression', { value: Expression }>
  /** `a = b = value`; a bare annotation has no value. */
  | Node<'assign', { targets: readonly Expression[]; value: Expression | null }>
  | Node<'augmented', { target: Expression; operator: BinaryOperator; value: Expression }>
  | Node<
      'if',
      {
        branches: readonly { readonly test: Expression; readonly body: readonly Statement[] }[]
        otherwise: readonly Statement[]
      }
    >
  | Node<
      'for',
      {
        target: Expression
        iterable: Expression
        body: readonly Statement[]
        otherwise: readonly Statement[]
      }
    >
  | Node<'while', { test: Expression; body: readonly Statement[]; otherwise: readonly Statement[] }>
  | Node<'return', { value: Expression | null }>
  /** `note`: what is to be said of a statement that does nothing here. */
  | (Node<'pass'> & { readonly note?: string })
  | Node<'break' | 'continue'>
  | Node<'function', { function: FunctionNode }>
  | Node<'import', { names: readonly ImportedName[] }>
  | Node<
      'with',
      {
        context: Expression
        target: Expression | null
        body: readonly Statement[]
      }
    >
  | Node<
      'try',
      {
        body: readonly Statement[]
        handlers: readonly Handler[]
        otherwise: readonly Statement[]
        last: readonly Statement[]
      }
    >
  | Node<'global' | 'nonlocal', { names: readonly string[] }>
  /** Kept as a whole: what a class holds is not evaluated. */
  | Node<'class', { name: string; body: readonly Statement[] }>
  | Node<'delete', { targets: readonly Expression[] }>
  | Node<'raise', { value: Expression | null }>
  | Node<'assert', { test: Expression }>
  | Node<'unsupported', { what: string }>
