/** Expressions and statements: the values that Python gives, and what is left unevaluated. */
import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { unknownMachine } from '../../../src/rez/python/facts.ts'
import { callFunction, runModule } from '../../../src/rez/python/execute.ts'
import type { Machine } from '../../../src/rez/python/machine.ts'
import { parsePython } from '../../../src/rez/python/parse.ts'
import { newFrame } from '../../../src/rez/python/runtime.ts'
import { reprOf } from '../../../src/rez/python/text.ts'
import { EXPRESSIONS } from './expressions.ts'

/** Runs code and answers `repr()` of a name, or the first reason why something was not evaluated. */
function run(code: string, name = 'result'): string {
  const module = parsePython(code, 'code.py')
  if (module.fault !== null) return `fault: ${module.fault.message}`
  const reasons: string[] = []
  const machine: Machine = {
    facts: { ...unknownMachine(), platform: 'linux', arch: 'x86_64' },
    steps: 0,
    calls: 0,
    tries: 0,
    text: '',
    call: callFunction,
    report: (_text, at, reason) => reasons.push(`line ${at.line}: ${reason}`),
    skipped: () => undefined,
  }
  const frame = newFrame(null)
  runModule(machine, frame, module.text, module.statements)
  if (reasons.length > 0) return reasons[0] ?? ''
  const value = frame.names.get(name)
  return value === undefined ? 'unbound' : value.kind === 'unknown' ? value.reason : reprOf(value)
}

describe('expressions', () => {
  it.each(EXPRESSIONS)('%s', (code, repr) => {
    expect(run(`import os, os.path, sys, platform\nresult = ${code}\n`)).toBe(repr)
  })

  it('are those of Python', () => {
    const lines = EXPRESSIONS.map(([code]) => `print(json.dumps(repr((${code}))))`)
    const program = ['import json, os, os.path, sys, platform', ...lines].join('\n')
    const python = spawnSync('python3', ['-W', 'ignore', '-c', program], { encoding: 'utf8' })
    if (python.error !== undefined || python.status !== 0) {
      console.log(`SKIPPED: the table was not held against python3 (${python.error?.message ?? python.stderr})`)
      return
    }
    const theirs = python.stdout.trim().split('\n')
    expect(theirs.map((line): unknown => JSON.parse(line))).toEqual(EXPRESSIONS.map(([, repr]) => repr))
  })
})

const STATEMENTS: readonly (readonly [title: string, code: string, repr: string])[] = [
  [
    'assignments',
    `a = b = 1\nc, (d, e) = 2, [3, 4]\n[f, g] = 'xy'\nresult = [a, b, c, d, e, f, g]`,
    `[1, 1, 2, 3, 4, 'x', 'y']`,
  ],
  ['annotations', `a: int\nb: str = 'x'\nresult = b`, `'x'`],
  [
    'augmented assignments',
    `a = 5\na += 1\na -= 2\na *= 3\na //= 2\na **= 2\nl = [1]\nm = l\nl += (2,)\nt = (1,)\nt += (2,)\ns = 'a'\ns %= ()\nresult = [a, l, m, t, s]`,
    `[36, [1, 2], [1, 2], (1, 2), 'a']`,
  ],
  [
    'elements',
    `l = [1, 2, 3]\nl[0] = 'a'\nl[-1] = 'c'\nd = {}\nd['k'] = l\nd['k'][1] = 'b'\nresult = d`,
    `{'k': ['a', 'b', 'c']}`,
  ],
  [
    'for and else',
    `r = []\nfor i, c in enumerate('abc'):\n    if c == 'b': continue\n    r.append(i)\nelse:\n    r.append('e')\nfor i in [1, 2]:\n    break\nelse:\n    r.append('no')\nresult = r`,
    `[0, 2, 'e']`,
  ],
  [
    'while and else',
    `n = 3\nr = []\nwhile n:\n    n -= 1\n    if n == 1:\n        continue\n    r.append(n)\nelse:\n    r.append('e')\nwhile True:\n    break\nresult = r`,
    `[2, 0, 'e']`,
  ],
  [
    'if',
    `result = []\nfor n in range(3):\n    if n == 0:\n        result.append('a')\n    elif n == 1:\n        result.append('b')\n    else:\n        result.append('c')`,
    `['a', 'b', 'c']`,
  ],
  [
    'functions',
    `def f(a, b=2, *c, d=4, **e):\n    """doc"""\n    return [a, b, c, d, e]\nresult = [f(1), f(1, 3, 5, 6, d=7, z=8), f(b=1, a=0), f(*[1, 2], **{'d': 3})]`,
    `[[1, 2, (), 4, {}], [1, 3, (5, 6), 7, {'z': 8}], [0, 1, (), 4, {}], [1, 2, (), 3, {}]]`,
  ],
  ['defaults are made once', `n = 1\ndef f(a=n):\n    return a\nn = 2\nresult = f()`, `1`],
  ['closures', `def f(a):\n    def g(b):\n        return a + b\n    return g\nresult = f(1)(2)`, `3`],
  ['a function without return', `def f():\n    pass\nresult = f()`, `None`],
  [
    'return from a loop',
    `def f():\n    for i in range(9):\n        while True:\n            if i == 2:\n                return i\n            break\nresult = f()`,
    `2`,
  ],
  ['recursion within bounds', `def f(n):\n    return 1 if n == 0 else n * f(n - 1)\nresult = f(5)`, `120`],
  [
    'try',
    `r = []\ntry:\n    r.append(1)\nexcept:\n    r.append(2)\nelse:\n    r.append(3)\nfinally:\n    r.append(4)\nresult = r`,
    `[1, 3, 4]`,
  ],
  ['deletion', `d = {'a': 1, 'b': 2}\ndel d['a']\nx = 1\ndel x\nresult = d`, `{'b': 2}`],
  [
    'parameters',
    `def f(*a, k=1):\n    return [a, k]\ndef g(**o):\n    return o\ndef h(*, k):\n    return k\nresult = [f(1, 2), f(k=3), g(x=1), h(k=4)]`,
    `[[(1, 2), 1], [(), 3], {'x': 1}, 4]`,
  ],
  ['walrus', `if (n := 3) > 2:\n    m = n\nresult = [n, m]`, `[3, 3]`],
  [
    'starred',
    `a, *b = [1, 2, 3]\n*c, d = 'xyz'\ne, *f, g = (1, 2)\nresult = [a, b, c, d, e, f, g]`,
    `[1, [2, 3], ['x', 'y'], 'z', 1, [], 2]`,
  ],
  [
    'slices are set',
    `a = [1, 2, 3]\na[1:2] = 'xy'\na[:0] = [0]\na[9:] = [9]\na[-1] = 8\nresult = a`,
    `[0, 1, 'x', 'y', 3, 8]`,
  ],
  [
    'nonlocal',
    `def f():\n    n = 1\n    def g():\n        nonlocal n\n        n = 2\n    g()\n    return n\nresult = f()`,
    `2`,
  ],
  [
    'a caught exception',
    `l = []\ntry:\n    l.append(1)\n    {}['a']\n    l.append(2)\nexcept (ValueError, LookupError) as e:\n    l.append(3)\nelse:\n    l.append(4)\nfinally:\n    l.append(5)\nresult = l`,
    `[1, 3, 5]`,
  ],
  [
    'a raised exception is caught outside',
    `def f():\n    raise NotImplementedError('x')\ntry:\n    try:\n        f()\n    except KeyError:\n        result = 1\nexcept RuntimeError:\n    result = 2`,
    `2`,
  ],
  [
    'an exception of the code',
    `class Own(Exception):\n    pass\ntry:\n    raise Own('x')\nexcept Exception:\n    result = 1`,
    `1`,
  ],
  ['finally and return', `def f():\n    try:\n        return 1\n    finally:\n        pass\nresult = f()`, `1`],
  [
    'iterators run out',
    `i = iter('abc')\na = next(i)\nb = list(i)\nc = list(i)\ng = (x for x in [1, 2])\nd = sum(g) + sum(g)\nresult = [a, b, c, d, next(g, 'end')]`,
    `['a', ['b', 'c'], [], 3, 'end']`,
  ],
  ['sets change', `s = {1, 2}\ns.update([3], (4,))\ns.remove(1)\ns.discard(9)\nresult = sorted(s)`, `[2, 3, 4]`],
  [
    'imports without effect',
    `import subprocess, re\nfrom typing import List\nimport xml.etree.ElementTree as ET\nresult = 1`,
    `1`,
  ],
  ['assert', `assert 1 == 1, 'm'\nresult = 1`, `1`],
  [
    'imports',
    `import os.path as p\nfrom os import path, sep as s\nfrom os.path import join, dirname\nresult = [p.join('a', s), path.basename('a/b'), join('x', 'y'), dirname('a/b')]`,
    `['/', 'b', 'x/y', 'a']`,
  ],
  [
    'methods that change lists',
    `l = [3, 1]\nl.append(2)\nl.sort()\nl.extend((9,))\nl.insert(0, 'z')\np = l.pop()\nq = l.pop(0)\nl.remove(2)\nm = l.copy()\nl.reverse()\nl.clear()\nresult = [l, m, p, q]`,
    `[[], [1, 3], 9, 'z']`,
  ],
  [
    'methods that change dicts and sets',
    `d = {'a': 1}\nd.update({'b': 2}, c=3)\nd.setdefault('a', 9)\nx = d.setdefault('e', 5)\np = d.pop('b')\nq = d.pop('zz', 'none')\ns = {1}\ns.add(2)\ns.discard(1)\nresult = [d, d.copy() == d, x, p, q, s, s.copy()]`,
    `[{'a': 1, 'c': 3, 'e': 5}, True, 5, 2, 'none', {2}, {2}]`,
  ],
  ['line continuation and semicolons', `a = 1 + \\\n    2; b = (a +\n  1)\nresult = [a, b]`, `[3, 4]`],
  ['comments and blank lines', `# a\nif True: # b\n    # c\n\n    result = 1 # d\n# e\n`, `1`],
]

describe('statements', () => {
  it.each(STATEMENTS)('%s', (_title, code, repr) => {
    expect(run(code)).toBe(repr)
  })
})

const REFUSED: readonly (readonly [code: string, reason: string])[] = [
  [`x = open('a')`, 'line 1: open is not evaluated'],
  [`x = OSError`, 'line 1: OSError is not evaluated'],
  [`try:\n    x = dir(1)\nexcept NameError:\n    x = 2`, 'line 2: inside try: dir is not evaluated'],
  [
    `import subprocess\nx = subprocess.call(['a'])`,
    'line 2: subprocess.call depends on the machine or is not evaluated',
  ],
  [`from re import sub\nx = sub('a', 'b', 'c')`, 'line 2: re.sub depends on the machine or is not evaluated'],
  [`class A:\n    pass\nx = A()`, 'line 3: the class A is not evaluated'],
  [`for x in {'a', 'b'}: pass`, 'line 1: the order of a set is not known'],
  [`x = {}.update([1])`, 'line 1: a loop over int is not evaluated'],
  [`x = [1]\nx[::1] = [2]`, 'line 2: an assignment to this slice is not evaluated'],
  [`x = str({'a': 1}.keys())`, 'line 1: the text of dict_keys is not known'],
  [`x = {'a': 1}.keys()[0]`, 'line 1: an element of dict_keys is not known'],
  [`x = len(i for i in 'ab')`, 'line 1: TypeError: iterator has no length'],
  [`x = next(iter([]))`, 'line 1: StopIteration: there is no next element'],
  [`a, *b, c = [1]`, 'line 1: ValueError: another number of values to unpack'],
  [`try:\n    x = {}['a']\nexcept IndexError:\n    pass`, 'line 1: KeyError: the key is not there'],
  [
    `try:\n    raise Own()\nexcept Other:\n    pass`,
    'line 2: inside try: the code raises Own here, at which Rez stops',
  ],
  [`x = nope`, 'line 1: NameError: "nope" is not defined here'],
  [`x = 1\ny = 'a'.nope`, 'line 2: AttributeError: str has no attribute "nope" that is evaluated'],
  [`x = {}['a']`, 'line 1: KeyError: the key is not there'],
  [`x = [][0]`, 'line 1: IndexError: out of range'],
  [`x = 1 // 0`, 'line 1: ZeroDivisionError: division by zero'],
  [`x = 'a' + 1`, 'line 1: TypeError: + between str and int'],
  [`x = 1 < 'a'`, 'line 1: TypeError: int and str have no order'],
  [`x = {[]: 1}`, 'line 1: TypeError: a list cannot be a key'],
  [`x = str({1, 2})`, 'line 1: the order of a set is not known'],
  [`x = 'a' is 'b'`, 'line 1: "is" between these values is not evaluated'],
  [`x = 1j`, 'line 1: this kind of number is not evaluated'],
  [`x = '\\N{DASH}'`, 'line 1: an escape by Unicode name is not evaluated'],
  [`x = ...`, 'line 1: "..." is not evaluated'],
  [`x = f'{y=}'`, 'line 1: this f-string is not evaluated'],
  [`x = [1][0:1, 2]`, 'line 1: a slice of several dimensions is not evaluated'],
  [`x = [1][::0]`, 'line 1: ValueError: a slice step of zero'],
  [`a, b = [1]`, 'line 1: ValueError: another number of values to unpack'],
  [`'a'.b = 1`, 'line 1: an attribute of str is not set here'],
  [`async def f():\n    pass`, 'line 1: an async function is not evaluated'],
  [`with a as b, c as d:\n    pass`, 'line 1: with several items is not evaluated'],
  [`with a as b:\n    pass`, 'line 1: with is not evaluated'],
  [`@deco\ndef f():\n    pass`, 'line 2: a decorated function is not evaluated'],
  [`match 1:\n    case 1:\n        pass`, 'line 1: match is not evaluated'],
  [`def f():\n    yield 1\nf()`, 'line 2: yield is not evaluated'],
  [`from os import *`, 'line 1: the module os is not evaluated'],
  [`from . import x`, 'line 1: the module . is not evaluated'],
  [`import os\nos.getcwd()`, 'line 2: os.getcwd depends on the machine or is not evaluated'],
  [`import os\nos.path.abspath('a')`, 'line 2: a relative path depends on the working folder'],
  [`del x`, 'line 1: this deletion is not evaluated'],
  [`raise ValueError('x')`, 'line 1: the code raises ValueError here, at which Rez stops'],
  [`assert 1 == 2`, 'line 1: the code raises AssertionError here, at which Rez stops'],
  [`def f(a):\n    pass\nf()`, 'line 3: TypeError: f() misses the argument a'],
  [`def f():\n    pass\nf(1)`, 'line 3: TypeError: function f() takes fewer arguments'],
  [`(1)(2)`, 'line 1: TypeError: int is no function that is evaluated'],
  [`x = '%s %s' % 'a'`, 'line 1: TypeError: not enough arguments for the format'],
  [`x = '%s' % (1, 2)`, 'line 1: TypeError: not all arguments were used by the format'],
  [`x = '%d' % 'a'`, 'line 1: TypeError: the format "d" takes a number, not str'],
  [`x = '{}'.format()`, 'line 1: IndexError: there is no such argument of format'],
  [`x = '{a}'.format()`, 'line 1: KeyError: format has no argument a'],
  [`x = '{'.format()`, 'line 1: ValueError: a "{" in a format string is not closed'],
  [`x = '}'.format()`, 'line 1: ValueError: a single "}" in a format string'],
  [`x = '{:d}'.format('a')`, 'line 1: ValueError: the format "d" is none for text'],
  [`x = '%q' % 1`, 'line 1: the format "q" is not evaluated'],
  [`x = '%x' % 1.5`, 'line 1: TypeError: the format "x" takes an int'],
  [`x = '%*d' % (1, 2)`, 'line 1: a width of "*" is not evaluated'],
  [`x = '%(a)s' % {}`, 'line 1: KeyError: the key is not there'],
  [`x = '%.200f' % 1.5`, 'line 1: a number of this precision is not evaluated'],
  [`x = '%f' % 1e30`, 'line 1: a number of this size is not formatted'],
  [`x = '{:,}'.format(1)`, 'line 1: the format "," is not evaluated'],
  [`x = '{:%}'.format(1)`, 'line 1: the format "%" is not evaluated'],
  [`x = '{:>>>}'.format(1)`, 'line 1: ValueError: the format ">>>" is malformed'],
  [`x = '{:.2}'.format(1.5)`, 'line 1: the format "g" is not evaluated'],
  [`x = '{!x}'.format(1)`, 'line 1: ValueError: unknown conversion "x"'],
  [`x = '{!rr}'.format(1)`, 'line 1: ValueError: a field of a format string is malformed'],
  [`x = '{0.}'.format(1)`, 'line 1: ValueError: an empty attribute in a format string'],
  [`x = '{0[a}'.format(1)`, 'line 1: ValueError: a field name is malformed'],
  [`x = '{:{:{}}}'.format(1, 2, 3)`, 'line 1: ValueError: fields are nested too deep'],
  [`x = '{:>5}'.format([1])`, 'line 1: TypeError: the format ">5" on list'],
  [`x = '{0.a}'.format('b')`, 'line 1: AttributeError: str has no attribute "a" that is evaluated'],
  [`x = int('a', 16)`, 'line 1: int() of str is not evaluated'],
  [`x = int([])`, 'line 1: int() of list is not evaluated'],
  [`x = int(1e999)`, 'line 1: ValueError: no int'],
  [`x = float([])`, 'line 1: float() of list is not evaluated'],
  [`x = float('a')`, 'line 1: ValueError: this text is no float'],
  [`x = dict([(1, 2, 3)])`, 'line 1: ValueError: no pair'],
  [`x = list(range(0, 5, 0))`, 'line 1: ValueError: range with a step of zero'],
  [`x = max([])`, 'line 1: ValueError: min or max of nothing'],
  [`x = map(str, [1], [2])`, 'line 1: map over several lists is not evaluated'],
  [`x = isinstance(1, 5)`, 'line 1: isinstance with this type is not evaluated'],
  [`x = isinstance(str, str)`, 'line 1: the type of str is not known'],
  [`x = hasattr('a', 'nope')`, 'line 1: whether str has "nope" is not evaluated'],
  [`x = hasattr(len, 'nope')`, 'line 1: hasattr here is not evaluated'],
  [`x = hasattr(1, 2)`, 'line 1: TypeError: hasattr takes text'],
  [`x = sorted([1, 'a'])`, 'line 1: TypeError: str and int have no order'],
  [`x = 'a'.join([1])`, 'line 1: TypeError: join takes text'],
  [`x = 'a'.index('b')`, 'line 1: ValueError: the text is not there'],
  [`x = 'a'.startswith('a', 1)`, 'line 1: a test of a part is not evaluated'],
  [`x = 'a'.replace('', 'b')`, 'line 1: replacing empty text is not evaluated'],
  [`x = 'a'.encode()`, 'line 1: bytes are not evaluated'],
  [`x = 'é'.isalpha()`, 'line 1: classes of letters beyond ASCII are not evaluated'],
  [`x = [].pop()`, 'line 1: IndexError: out of range'],
  [`x = [].remove(1)`, 'line 1: ValueError: the element is not there'],
  [`x = [].index(1)`, 'line 1: ValueError: the element is not there'],
  [`x = {}.pop('a')`, 'line 1: KeyError: the key is not there'],
  [`x = {}.nope`, 'line 1: AttributeError: dict has no attribute "nope" that is evaluated'],
  [`x = (1,).nope`, 'line 1: AttributeError: tuple has no attribute "nope" that is evaluated'],
  [`x = {len: 1}`, 'line 1: an object as a key is not evaluated'],
  [`x = str(len)`, 'line 1: the text of len is not known'],
  [`x = [len] + ['a']\ny = str(x)`, 'line 2: the text of len is not known'],
  [`def f(): pass\nx = str(f)`, 'line 2: the text of function is not known'],
  [`x = len == 1`, 'line 1: == on len is not evaluated'],
  [`x = len[0]`, 'line 1: an element of len is not known'],
  [`x = (1)[0]`, 'line 1: TypeError: int has no elements'],
  [`x = {1: 2}[0:1]`, 'line 1: TypeError: dict has no slices'],
  [`x = [1]['a']`, 'line 1: TypeError: an index takes an int'],
  [`x = [1][10 ** 20]`, 'line 1: TypeError: an index takes an int'],
  [`x = ~1.5`, 'line 1: TypeError: bad operand for ~: float'],
  [`x = -'a'`, 'line 1: TypeError: bad operand for -: str'],
  [`x = 1 @ 2`, 'line 1: the operator @ is not evaluated'],
  [`x = 2 ** -1`, 'line 1: a negative power is not evaluated'],
  [`x = 2 ** 10 ** 9`, 'line 1: a number of this size is not evaluated'],
  [`x = 1 << 10 ** 6`, 'line 1: a shift of this size is not evaluated'],
  [`x = 1.5 % 1`, 'line 1: % between floats is not evaluated'],
  [`x = 1 / 0`, 'line 1: ZeroDivisionError: division by zero'],
  [`x = 1.5 // 0`, 'line 1: ZeroDivisionError: division by zero'],
  [`x = {1} * 2`, 'line 1: TypeError: * on set'],
  [`x = [] - []`, 'line 1: TypeError: - between list and list'],
  [`x = 1 in 'a'`, 'line 1: TypeError: in takes text here'],
  [`x = 1 <> 2`, 'line 1: the operator "<>" is not evaluated'],
  [`x = '%e' % 1`, 'line 1: the format "e" is not evaluated'],
  [`x = str(**[1])`, 'line 1: TypeError: ** on list'],
  [`x = {**[1]}`, 'line 1: TypeError: ** on list'],
  [`x = [i async for i in y]`, 'line 1: this comprehension is not evaluated'],
  [`f(x) = 1`, 'line 1: an assignment of this form is not evaluated'],
  [`x = 'a'\nx[0] = 'b'`, 'line 2: an element of str is not set here'],
  [`x = {}\ndel x['a']`, 'line 2: KeyError: the key is not there'],
  [`x = [1]\ndel x[0]`, 'line 2: this deletion is not evaluated'],
  [`async for i in x: pass`, 'line 1: async is not evaluated'],
  [`import os.nope`, 'line 1: the module os.nope is not evaluated'],
  [`import os\nos.path.join(1)`, 'line 2: TypeError: os.path.join takes text'],
  [`import os\nos.path.exists('/')`, 'line 2: os.path.exists depends on the machine or is not evaluated'],
  [`import sys\nsys.argv`, 'line 2: sys.argv depends on the machine or is not evaluated'],
  [`x = globals()['nope']`, 'line 1: NameError: "nope" is not defined here'],
  [`x = int('a')`, 'line 1: ValueError: this text is no int'],
  [`x = 'a'.split('')`, 'line 1: ValueError: empty separator'],
  [`for x in 5: pass`, 'line 1: a loop over int is not evaluated'],
  [`x = list(range(10 ** 6))`, 'line 1: a range of this length is not evaluated'],
  [`x = ${'('.repeat(400)}1${')'.repeat(400)}`, 'line 1: deeply nested code is not evaluated'],
]

describe('what is not evaluated', () => {
  it.each(REFUSED)('%s', (code, reason) => {
    expect(run(code)).toBe(reason)
  })
})
