/** What is not known is named, never guessed: the statement, its line, the reason, and all that depends on it. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { commands, context, values } from './context.ts'
import type { Row } from './statements.ts'
import { testRows } from './statements.ts'

const TABLE: readonly Row[] = [
  ['a name of nowhere', `env.X = nope\nenv.Y = 1`, [1], { Y: '1' }],
  ['the imports of package.py are not visible', `env.X = os.sep`, [1], {}],
  [
    "the caller's variables",
    `import os\nenv.X = len(os.environ['HOME'])\nenv.Y = env.HOME == 'a'\nif defined('Q'):\n    env.Z = 1`,
    [2, 3, 4],
    {},
  ],
  [
    'the whole environment of the caller',
    `import os\nenv.X = len(os.environ)\nenv.Y = os.environ.copy()\nos.environ['A'] = '1'\nenv.Z = os.path.expanduser('~/a')\nenv.W = os.path.expandvars('$HOME')\nenv.V = list(env.keys())\nenv.U = os.listdir(root)`,
    [2, 3, 4, 5, 6, 7, 8],
    {},
  ],
  ['a variable of the caller as a condition', `if env.HOME:\n    env.X = 1\nelse:\n    env.X = 2`, [1], {}],
  [
    'a value that depends on one that is not known',
    `x = nope\ny = x + 'a'\nenv.X = '{y}'\nenv.Y = 'b'`,
    [1, 2, 3],
    { Y: 'b' },
  ],
  ['a stale value is not used', `x = 'old'\nif nope:\n    x = 'new'\nenv.X = x`, [2, 4], {}],
  ['a list that skipped code may have changed', `l = ['a']\nif nope:\n    l.append('b')\nenv.X = l`, [2, 4], {}],
  ['an alias of such a list', `l = ['a']\nm = l\nif nope:\n    l.append('b')\nenv.X = m`, [3, 5], {}],
  [
    'a variable that skipped code may have changed',
    `env.X = 'a'\nif nope:\n    env.X.append('b')\nenv.Y = '\${X}'`,
    [2, 4],
    { X: 'a' },
  ],
  [
    'an imported module',
    `import studio\nenv.X = studio.path()\nimport subprocess\nenv.Y = subprocess.check_output(['a'])`,
    [1, 2, 4],
    {},
  ],
  ['configuration of Rez', `env.X = optionvars('a')`, [1], {}],
  ['a field that Rez refuses', `env.X = 'a{}'\nenv.Y = '{version.foo}'\nenv.Z = '{resolve.nope.root}'`, [1, 2, 3], {}],
  [
    'a loop that cannot be followed',
    `for i in ('a', 'b'):\n    if nope:\n        break\n    env.X.append(i)\nenv.Y = 1`,
    [2],
    { Y: '1' },
  ],
  [
    'a function that cannot be followed',
    `def f():\n    if nope:\n        return 1\n    return 2\nenv.X = f()`,
    [2, 5],
    {},
  ],
  [
    'a class, with, yield and assert',
    `class A: pass\nwith open('x') as f:\n    env.X = 1\nassert nope\nenv.Y = 1`,
    [2, 4],
    { Y: '1' },
  ],
  [
    'inside try nothing after the first is known',
    `try:\n    env.X = 'a'\n    env.X = env.HOME\n    env.Y = 1\nexcept Exception:\n    env.Z = 1`,
    [3],
    { X: 'a' },
  ],
  [
    'inside try a part of a statement may raise',
    `try:\n    env.X = 'a'\n    if version.major:\n        env.X = env.HOME\n    env.Y = 1\nexcept Exception:\n    env.Z = 1`,
    [3],
    { X: 'a' },
  ],
  ['raise ends the code', `env.X = 1\nif version.major == 1:\n    raise Exception('q')\nenv.Y = 1`, [2], { X: '1' }],
  ['stop ends the code', `env.X = 1\nstop('no %s', 'way')\nenv.Y = 1`, [2], { X: '1' }],
  ['return is no module code', `env.X = 1\nif version.major == 7:\n    return`, [2], {}],
  ['methods with other arguments', `env.X.set()\nenv.X.append('a', 'b')`, [1, 2], {}],
  [
    'attributes that Rez makes',
    `env.A = this.config\nenv.B = this.relocatable\nenv.C = this.nope\nenv.D = this.commands\nenv.E = resolve.nope\nenv.F = resolve['nope']\nenv.G = request.nope`,
    [1, 2, 3, 4, 5, 6, 7],
    {},
  ],
  [
    'ranges that are none',
    `env.A = intersects('a', '1..2..3')\nenv.B = intersects(5, '1')\nenv.C = ephemerals.get_range('x', '<')\nenv.D = version['a']`,
    [1, 2, 3, 4],
    {},
  ],
  [
    "the mapping of the caller's variables",
    `for k in env.keys():\n    env.X = k\nenv.Y = 'HOME' in env\nenv.HOME.setdefault('a')\nenv.update([1])\nenv.A.nope`,
    [1, 3, 4, 5, 6],
    {},
  ],
  [
    'functions without their arguments',
    `setenv('X')\nunsetenv()\nalias('a')\nintersects()\nexpandvars(nope)\ngetenv()\nexpandvars('{version.foo}')`,
    [1, 2, 3, 4, 5, 6, 7],
    {},
  ],
  [
    'texts that are no texts',
    `'a' + literal('b')\nliteral('a').nope\nliteral('a').l()\nenv.X = str(env)\nenv.Y = system.hostname`,
    [1, 2, 3, 4, 5],
    {},
  ],
  ['a loop over implicits', `for i in implicits:\n    env.X = i`, [1], {}],
  ['endless recursion', `def f():\n    return f()\nenv.X = f()`, [2, 3], {}],
]

describe('commands that are not evaluated', () => {
  testRows(TABLE)

  it('names file, line, code and reason', () => {
    const { unevaluated } = commands(`env.X = 1\nif nope == 1:\n    env.Y = 2\n`)
    expect(unevaluated).toEqual([
      {
        file: '/repo/foo/1.2.3/package.py',
        line: 4,
        code: 'if nope == 1: ...',
        reason: 'NameError: "nope" is not defined here',
      },
    ])
  })

  it('tells which variables may differ', () => {
    const { notes } = commands(
      `if nope:\n    env.A.append('a')\n    env['B'] = 1\n    setenv('C', 1)\n    env[nope] = 1\n`,
    )
    expect(notes.map((note) => note.split(':')[0])).toEqual([
      'foo-1.2.3 line 3',
      'A may differ',
      'B may differ',
      'C may differ',
    ])
  })

  it('no longer doubts a variable that is set again', () => {
    const { notes } = commands(`if nope:\n    env.A = 'a'\nenv.A = 'b'`)
    expect(notes).toEqual([])
  })

  it('says what is left to the shell', () => {
    const { notes, unevaluated } = commands(`source('{root}/x.sh')\ncommand(['ls', '-l'])\nenv.X = 1`)
    expect(unevaluated).toEqual([])
    expect(notes).toEqual([
      'foo-1.2.3: source(/repo/foo/1.2.3/x.sh) is left to the shell: what that file sets is not in this environment',
      'foo-1.2.3: command(ls -l) is left to the shell, nothing is run here',
    ])
  })

  it('says once which variables of the caller would tell more', () => {
    const { notes } = commands(
      `import os\nenv.X = os.getenv('SITE') == 'a'\nenv.Y = os.getenv('SITE').lower()\nif defined('SHOW'):\n    env.Z = 1`,
    )
    expect(notes.filter((note) => note.includes('parent_environment'))).toEqual([
      "commands read what the caller's shell has in $SHOW, $SITE: parent_environment of airtight.yaml can say it",
    ])
  })

  it('takes print as Python 2 had it, and says what Rez 3 makes of it', () => {
    const body = `print 'a'\nenv.X = 1\nprint '>>', env.X, '%s' % root\nprint >>sys.stderr, 'b', 'c'\nprint`
    const { notes, unevaluated, ...result } = commands(body)
    expect(unevaluated).toEqual([])
    expect(values({ notes, unevaluated, ...result })).toEqual({ X: '1' })
    expect(notes).toEqual(
      [3, 5, 6].map((line) => `foo-1.2.3 line ${line}: Python 2's print statement: Rez 3 does not load this file`),
    )
  })

  it('keeps a home folder as it is, and says so', () => {
    const result = commands(`env.X = '~/a'`)
    expect(values(result)).toEqual({ X: '~/a' })
    expect(result.notes).toHaveLength(1)
  })

  it('does not know ephemerals that somebody asks for', () => {
    const body = `if intersects(ephemerals.get('x', '1'), '1'):\n    env.X = 1`
    expect(commands(body, { requests: ['.x-2'] }).unevaluated).toHaveLength(1)
    expect(values(commands(body, { requests: ['.x-2'], ephemerals: ['.x-2'] }))).toEqual({})
    expect(values(commands(body))).toEqual({ X: '1' })
  })

  it('does not know the machine unless it is told', () => {
    const text = `def commands():\n    env.X = system.platform\n    env.Y = system.hostname\n`
    expect(context({ a: text }).unevaluated.map((item) => item.line)).toEqual([3])
  })

  it.each([
    ['an endless loop', `while True:\n    env.X.append('a')`],
    ['a text that doubles', `s = 'a'\nfor i in range(100):\n    s = s + s\nenv.X = s`],
    ['a list that doubles', `s = [1]\nfor i in range(100):\n    s += s\nenv.X = s`],
    ['a variable that doubles', `env.X = 'a'\nfor i in range(100):\n    env.X = '\${X}\${X}'`],
    ['nested loops', `for a in range(9999):\n    for b in range(9999):\n        env.X = a`],
    ['calls that double', `def f(n):\n    return f(n - 1) + f(n - 1) if n else 1\nenv.X = f(19)`],
    ['a field inside itself', `x = '{x}{x}'\nenv.X = '{x}'`],
    ['a power', `x = 9 ** 9 ** 9\nenv.X = x`],
    ['a width', `env.X = '%99999999d' % 1\nenv.Y = '{version.major:99999999}'`],
    ['a repeated text', `env.X = 'a' * 10 ** 9`],
    ['a nested list', `l = []\nfor i in range(9000):\n    l = [l]\nenv.X = l`],
  ])('bounds %s', (_title, body) => {
    const result = commands(body)
    expect(result.unevaluated.length).toBeGreaterThan(0)
  })
})

const WORDS = fc.constantFrom(
  ...`env.X env['Y'] .append( .set( ) ( [ ] { } = + % == , : ; if else: for in range(3): while def f(): return lambda x: "a{root}" '$X' {root} version .major [0] resolve .foo request this nope x l += f() not and or is None True 1 2.5 import os os.path.join \n`.split(
    ' ',
  ),
  '\n',
  '\n    ',
  '\n        ',
  ' ',
)

describe('any commands', () => {
  it('give an environment or a fault, without throwing and without hanging', () => {
    fc.assert(
      fc.property(fc.array(WORDS, { maxLength: 40 }), (words) => {
        const body = words.join(' ')
        let result
        try {
          result = context({ foo: `def commands():\n    pass\n    ${body}\n` })
        } catch (error) {
          // The context refuses texts that are no Python.
          expect(String(error)).toMatch(/malformed/)
          return
        }
        expect(Array.isArray(result.unevaluated)).toBe(true)
      }),
      { numRuns: 400 },
    )
  })
})
