/** What the grammar makes of each construct, written as Python would write the tree; what has no node is named. */
import { describe, expect, it } from 'vitest'
import { parseWithGrammar } from '../../../src/rez/python/parse.ts'
import type { Value } from '../../../src/rez/python/value.ts'
import type { Argument, Expression, Parameter, Replacement, Statement } from '../../../src/rez/python/syntax.ts'

/** One line for each statement of a text; a fault in place of all where there is one. */
function shown(code: string): string {
  const { statements, fault } = parseWithGrammar(code, 'f')
  return fault === null ? statements.map(statement).join('\n') : `fault: ${fault.message}`
}

/** With brackets around everything that has parts, so that it shows what binds to what. */
function expression(node: Expression): string {
  const all = (items: readonly Expression[]): string => items.map(expression).join(', ')
  switch (node.kind) {
    case 'constant':
      return constant(node.value)
    case 'name':
      return node.name
    case 'fstring':
      return `f<${formatted(node.parts)}>`
    case 'list':
      return `[${all(node.items)}]`
    case 'tuple':
      return `(${all(node.items)},)`
    case 'set':
      return `{${all(node.items)}}`
    case 'dict':
      return `{${node.entries.map(({ key, value }) => `${key === null ? '**' : `${expression(key)}: `}${expression(value)}`).join(', ')}}`
    case 'starred':
      return `*${expression(node.value)}`
    case 'unary':
      return `(${node.operator} ${expression(node.operand)})`
    case 'binary':
    case 'logical':
      return `(${expression(node.left)} ${node.operator} ${expression(node.right)})`
    case 'compare':
      return `(${expression(node.first)}${node.rest.map(({ operator, right }) => ` ${operator} ${expression(right)}`).join('')})`
    default:
      return larger(node)
  }
}

function constant(value: Value): string {
  switch (value.kind) {
    case 'str':
      return JSON.stringify(value.value)
    case 'bytes':
      return `b${JSON.stringify(value.value)}`
    case 'int':
    case 'float':
    case 'bool':
      return String(value.value)
    default:
      return value.kind
  }
}

function larger(node: Expression): string {
  switch (node.kind) {
    case 'conditional':
      return `(${expression(node.then)} if ${expression(node.test)} else ${expression(node.otherwise)})`
    case 'call':
      return `${expression(node.callee)}(${node.arguments.map(argument).join(', ')})`
    case 'attribute':
      return `${expression(node.object)}.${node.name}`
    case 'subscript':
      return `${expression(node.object)}[${expression(node.index)}]`
    case 'slice':
      return [node.lower, node.upper, node.step].map((bound) => (bound === null ? '' : expression(bound))).join(':')
    case 'comprehension': {
      const element =
        node.key === null ? expression(node.element) : `${expression(node.key)}: ${expression(node.element)}`
      const clauses = node.clauses.map(
        ({ target, iterable, conditions }) =>
          ` for ${expression(target)} in ${expression(iterable)}${conditions.map((test) => ` if ${expression(test)}`).join('')}`,
      )
      return `${node.form}<${element}${clauses.join('')}>`
    }
    case 'walrus':
      return `(${expression(node.target)} := ${expression(node.value)})`
    case 'lambda':
      return `(lambda ${parameters(node.parameters)}: ${expression(node.body)})`
    case 'unsupported':
      return `<${node.what}>`
    default:
      return node.kind
  }
}

function argument({ name, star, value }: Argument): string {
  return `${star ?? ''}${name === null ? '' : `${name}=`}${expression(value)}`
}

function parameters(all: readonly Parameter[]): string {
  return all
    .map(({ name, star, fallback }) => `${star ?? ''}${name}${fallback === null ? '' : `=${expression(fallback)}`}`)
    .join(', ')
}

function formatted(parts: readonly (string | Replacement)[]): string {
  return parts
    .map((part) => {
      if (typeof part === 'string') return part
      const conversion = part.conversion === null ? '' : `!${part.conversion}`
      return `{${expression(part.expression)}${conversion}${part.spec.length === 0 ? '' : `:${formatted(part.spec)}`}}`
    })
    .join('')
}

function block(statements: readonly Statement[]): string {
  return `{ ${statements.map(statement).join('; ')} }`
}

function otherwise(statements: readonly Statement[], word = 'else'): string {
  return statements.length === 0 ? '' : ` ${word} ${block(statements)}`
}

function value(of: Expression | null): string {
  return of === null ? '' : ` ${expression(of)}`
}

function statement(node: Statement): string {
  switch (node.kind) {
    case 'expression':
      return expression(node.value)
    case 'assign':
      return [...node.targets, ...(node.value === null ? [] : [node.value])].map(expression).join(' = ')
    case 'augmented':
      return `${expression(node.target)} ${node.operator}= ${expression(node.value)}`
    case 'if':
      return `${node.branches.map(({ test, body }) => `if ${expression(test)} ${block(body)}`).join(' el')}${otherwise(node.otherwise)}`
    case 'for':
      return `for ${expression(node.target)} in ${expression(node.iterable)} ${block(node.body)}${otherwise(node.otherwise)}`
    case 'while':
      return `while ${expression(node.test)} ${block(node.body)}${otherwise(node.otherwise)}`
    case 'with':
      return `with ${expression(node.context)}${node.target === null ? '' : ` as ${expression(node.target)}`} ${block(node.body)}`
    case 'try': {
      const handlers = node.handlers.map(
        ({ types, name, body }) => ` except${value(types)}${name === null ? '' : ` as ${name}`} ${block(body)}`,
      )
      return `try ${block(node.body)}${handlers.join('')}${otherwise(node.otherwise)}${otherwise(node.last, 'finally')}`
    }
    default:
      return simple(node)
  }
}

function simple(node: Statement): string {
  switch (node.kind) {
    case 'pass':
      return node.note === undefined ? 'pass' : `pass # ${node.note}`
    case 'return':
    case 'raise':
      return `${node.kind}${value(node.value)}`
    case 'assert':
      return `assert ${expression(node.test)}`
    case 'delete':
      return `del ${node.targets.map(expression).join(', ')}`
    case 'function': {
      const { decorators, name, body } = node.function
      const before = decorators.map((one) => `@${one.name}(${one.arguments.map(argument).join(', ')}) `).join('')
      return `${before}def ${name}(${parameters(node.function.parameters)}) ${block(body)}`
    }
    case 'class':
      return `class ${node.name} ${block(node.body)}`
    case 'import':
      return `import ${node.names.map(({ module, name, alias }) => [module, name, alias].join('/')).join(', ')}`
    case 'global':
    case 'nonlocal':
      return `${node.kind} ${node.names.join(', ')}`
    case 'unsupported':
      return `<${node.what}>`
    default:
      return node.kind
  }
}

describe('expressions', () => {
  it.each([
    ['-a, +b, ~c, not d', '((- a), (+ b), (~ c), (not d),)'],
    ['a or not b and c or d', '((a or ((not b) and c)) or d)'],
    ['not not a', '(not (not a))'],
    ['a - b - c * d ** -e', '((a - b) - (c * (d ** (- e))))'],
    ['a // b % c @ d << 1 >> 2 & e | f ^ g', '(((((((a // b) % c) @ d) << 1) >> 2) & e) | (f ^ g))'],
    ['a < b <= c != d', '(a < b <= c != d)'],
    ['(a < b) < c', '((a < b) < c)'],
    ['a not in b is not c', '(a not in b is not c)'],
    ['a <> b', '<the operator "<>">'],
    ['a if b else c if d else e', '(a if b else (c if d else e))'],
    ['f(a, *b, k=1, **c)', 'f(a, *b, k=1, **c)'],
    ['f(a,)(x for x in y)', 'f(a)(generator<x for x in y>)'],
    ['f(a := 1, (b, c), d=2)', 'f((a := 1), (b, c,), d=2)'],
    ['a.b[c].d', 'a.b[c].d'],
    ['a[:], a[1:], a[:2], a[::3], a[1:2:3]', '(a[::], a[1::], a[:2:], a[::3], a[1:2:3],)'],
    ['a[b, c], a[b,]', '(a[(b, c,)], a[(b,)],)'],
    ['a[1:2, 3]', 'a[<a slice of several dimensions>]'],
    ['(), (a,), (a), [], [a, *b], {a, b}', '((,), (a,), a, [], [a, *b], {a, b},)'],
    ["{}, {'a': 1, **b, }", '({}, {"a": 1, **b},)'],
    ['[a for a, b in c if d if e for f in g]', 'list<a for (a, b,) in c if d if e for f in g>'],
    [
      '{a for a in b}, {a: b for a in c}, (a for a in b)',
      '(set<a for a in b>, dict<a: b for a in c>, generator<a for a in b>,)',
    ],
    ['[a async for a in b]', '<this comprehension>'],
    ['lambda: 1', '(lambda : 1)'],
    ['lambda a, b=1, *c, **d: a', '(lambda a, b=1, *c, **d: a)'],
    ['(a := b)', '(a := b)'],
    ['...', '<"...">'],
    ['await a', '<await>'],
    ['1j', '<this kind of number>'],
    ['None, True, False', '(none, true, false,)'],
  ])('%s', (code, tree) => {
    expect(shown(code)).toBe(tree)
  })

  it.each([
    [`'a' "b" r'\\c' '\\x41\\101\\400'`, '"ab\\\\cAA\u0100"'],
    [`b'\\777' b'\\u0041'`, 'b"\u00ff\\\\u0041"'],
    [`'\\N{BULLET}'`, '<an escape by Unicode name>'],
    [`'\\U00110000'`, '<an escape by Unicode name>'],
    [`'\\U0001f600'`, '"\u{1f600}"'],
    [`f'a{b}{{c}}'`, 'f<a{b}{c}>'],
    [`f'{a!r}{b!s}{c!a}' 'd'`, 'f<{a!r}{b!s}{c!a}d>'],
    [`f'{a:>{b}}{c!r:x}'`, 'f<{a:>{b}}{c!r:x}>'],
    [`f'{a, b}'`, 'f<{(a, b,)}>'],
    [`rf'\\d{a}' f"""{b}\nc"""`, 'f<\\d{b}\nc>'.replace('{b}', '{a}{b}')],
    [`f'{a=}'`, '<this f-string>'],
    [`f'\\N{BULLET}{a}'`, '<this f-string>'],
    [`f'{a}\\N{BULLET}'`, '<this f-string>'],
    [`f'{a:\\N{BULLET}}'`, '<this f-string>'],
  ])('%s', (code, tree) => {
    expect(shown(code)).toBe(tree)
  })
})

describe('statements', () => {
  it.each([
    ['a = b = c, d', 'a = b = (c, d,)'],
    ['a: int\nb: int = 1', 'a\nb = 1'],
    ['a += 1; a -= 1; a *= 1; a /= 1; a //= 1; a %= 1', 'a += 1\na -= 1\na *= 1\na /= 1\na //= 1\na %= 1'],
    [
      'a **= 1; a @= 1; a &= 1; a |= 1; a ^= 1; a <<= 1; a >>= 1',
      'a **= 1\na @= 1\na &= 1\na |= 1\na ^= 1\na <<= 1\na >>= 1',
    ],
    ['pass; break; continue', 'pass\nbreak\ncontinue'],
    ['def f():\n  return\n  return a, *b', 'def f() { return; return (a, *b,) }'],
    ['raise\nraise A(1)\nraise A from b', 'raise\nraise A(1)\nraise A'],
    ['assert a, b', 'assert a'],
    ['del a, b[0], (c, d)', 'del a, b[0], (c, d,)'],
    ['global a, b\nnonlocal c', 'global a, b\nnonlocal c'],
    ['if a: b\nelif c: d\nelse: e', 'if a { b } elif c { d } else { e }'],
    ['for a, b in c, d: e\nelse: f', 'for (a, b,) in (c, d,) { e } else { f }'],
    ['while a: b\nelse: c', 'while a { b } else { c }'],
    ['with a: b\nwith a() as b: c\nwith a as b, c: d', 'with a { b }\nwith a() as b { c }\n<with several items>'],
    [
      'try: a\nexcept (A, B) as e: b\nexcept C: c\nexcept: d\nelse: e\nfinally: f',
      'try { a } except (A, B,) as e { b } except C { c } except { d } else { e } finally { f }',
    ],
    ['try: a\nfinally: b', 'try { a } finally { b }'],
    [
      '@late\n@a.b(1, c=2)\ndef f(a: int, b=1, *c, **d) -> e: pass',
      '@late() @a.b(1, c=2) def f(a, b=1, *c, **d) { pass }',
    ],
    ['def f(a, *, b): pass', 'def f(a, b) { pass }'],
    ['@a\nclass A(B, c=1):\n  d = 1', 'class A { d = 1 }'],
    ['async def f(): pass\nasync with a: pass\nasync for a in b: pass', '<an async function>\n<async>\n<async>'],
    ['@a\nasync def f(): pass', '<an async function>'],
    ['import a.b as c, d', 'import a.b//c, d//'],
    [
      'from . import a\nfrom ..b import (c as d, e,)\nfrom f import *',
      'import ./a/\nimport ..b/c/d, ..b/e/\nimport f/*/',
    ],
    ['match a:\n  case 1: b', '<match>'],
    ['print a, b', "pass # Python 2's print statement: Rez 3 does not load this file"],
    ['type a = b', '<a type alias>'],
    ['def f():\n  yield a', 'def f() { <yield> }'],
  ])('%j', (code, tree) => {
    expect(shown(code)).toBe(tree)
  })
})

describe('more than any definition needs', () => {
  it.each([
    ['negations', `x = ${'not '.repeat(400)}a`],
    ['operators', `x = ${'-'.repeat(400)}a`],
    ['blocks', `${Array.from({ length: 320 }, (_, i) => `${' '.repeat(i)}if a:\n`).join('')}${' '.repeat(320)}b`],
    [
      'replacements',
      `x = ${Array.from({ length: 80 }, (_, i) => `f${['"', "'", '"""', "'''"][i % 4] ?? ''}{`).join('')}`,
    ],
  ])('%s inside each other are no Python, or are named', (_title, code) => {
    expect(shown(code)).toMatch(/<deeply nested code>|fault: /)
  })

  it('of statements in a line, and of parts of a string, are read', () => {
    const { statements } = parseWithGrammar('a;'.repeat(150_000), 'f')
    expect(statements).toHaveLength(150_000)
    const [one] = parseWithGrammar(`x = f'${'{a}'.repeat(150_000)}'`, 'f').statements
    expect(one?.kind === 'assign' && one.value?.kind === 'fstring' ? one.value.parts.length : 0).toBe(150_000)
  }, 60_000)
})

it('lines are told by their numbers, tabs and blank lines between them or not', () => {
  const { statements } = parseWithGrammar('\n\na = 1\nif a:\n\tb = 2\n\n\tc = 3\n', 'f', 5)
  const [first, second] = statements
  expect([first?.at.line, second?.at.line]).toEqual([7, 8])
  expect(second?.kind === 'if' ? second.branches[0]?.body.map(({ at }) => at.line) : []).toEqual([9, 11])
})
