/** The environment that commands make: Rez's semantics, one case each. */
import { describe, expect, it } from 'vitest'
import { commands, context, values } from './context.ts'

const ROOT = '/repo/foo/1.2.3'

/** Commands, and the variables that they make; every one of these was seen with Rez 3.4. */
const TABLE: readonly (readonly [title: string, body: string, expected: Readonly<Record<string, string>>])[] = [
  [
    'set, by attribute and by key',
    `env.X = 'a'\nenv['Y'] = 'b'\nenv.Z.set('c')\nsetenv('W', 'd')`,
    { X: 'a', Y: 'b', Z: 'c', W: 'd' },
  ],
  [
    'append and prepend',
    `env.X.append('a')\nappendenv('X', 'b')\nenv.X.prepend('c')\nprependenv('X', 'd')`,
    { X: 'd:c:a:b' },
  ],
  ['set drops what was there', `env.X.append('a')\nenv.X = 'b'\nenv.X.append('c')`, { X: 'b:c' }],
  ['unset', `env.X = 'a'\nenv.X.unset()\nenv.Y = 'a'\nunsetenv('Y')\nenv.Y.append('b')`, { Y: 'b' }],
  ['reset', `env.X = 'a'\nenv.X.reset('b')\nresetenv('Y', 'c', ['friend'])`, { X: 'b', Y: 'c' }],
  ['an empty value stays an element', `env.X = ''\nenv.X.append('a')`, { X: ':a' }],
  [
    'separators',
    `for n in ('a', 'b'):\n    env.CMAKE_MODULE_PATH.append(n)\n    env.DOXYGEN_TAGFILES.append(n)`,
    { CMAKE_MODULE_PATH: 'a;b', DOXYGEN_TAGFILES: 'a b' },
  ],
  [
    'fields',
    `env.X = '{root}|{this.root}|{base}|{version}|{version.major}|{version[1]}|{this.name}'`,
    { X: `${ROOT}|${ROOT}|${ROOT}|1.2.3|1|2|foo` },
  ],
  ['a name that is not known leaves the whole text', `env.X = 'a{nope}b $Q {root}'`, { X: 'a{nope}b $Q {root}' }],
  [
    'a text that is no format string stays',
    `env.X = 'a } b {root}'\nenv.Y = '{root:d}'`,
    { X: 'a } b {root}', Y: '{root:d}' },
  ],
  ['doubled braces', `env.X = '{{root}}'`, { X: '{root}' }],
  [
    'references stay; digits end a bare name',
    `env.X = '$HOME/a \${HOME}/b $FOO2 $1'`,
    { X: '${HOME}/a ${HOME}/b ${FOO}2 $1' },
  ],
  ['references to set variables', `env.A = 'z'\nenv.X = '$A:\${A}'\nenv.A = 'y'`, { A: 'y', X: 'z:z' }],
  [
    'variables of packages',
    `env.X = '\${REZ_FOO_ROOT}/lib'\nenv.Y = env.REZ_FOO_VERSION`,
    { X: `${ROOT}/lib`, Y: '1.2.3' },
  ],
  [
    'literal and expandable',
    `env.X = literal('{root} $A').e('{version}')\nenv.Y = literal('a') + '{root}'`,
    { X: '{root} $A1.2.3', Y: `a${ROOT}` },
  ],
  [
    'values that are no text',
    `env.A = 1\nenv.B = 1.0\nenv.C = True\nenv.D = None\nenv.E = ['a', 1]`,
    { A: '1', B: '1.0', C: 'True', D: 'None', E: "['a', 1]" },
  ],
  ['names of the code are fields', `lib = '{root}/lib'\nenv.X = '{lib}/x'`, { X: `${ROOT}/lib/x` }],
  ['names of a function are no fields', `def f():\n    lib = 'q'\n    env.X = '{lib}'\nf()`, { X: '{lib}' }],
  ['keys are formatted', `env['{version.major}X'] = 'a'`, { '1X': 'a' }],
  [
    'conditions',
    `if building or version.major > 3:\n    env.X = 'a'\nelif 'foo' in resolve and 'maya' not in request:\n    env.X = 'b'\nelse:\n    env.X = 'c'`,
    { X: 'b' },
  ],
  ['system', `env.X = '{system.platform}-{system.arch}-{system.os}'`, { X: 'linux-x86_64-Rocky-9' }],
  [
    'version',
    `env.X = [version.patch, version[-1], version[9], len(version), version[:2], version.as_tuple()]\nenv.Y = '.'.join(str(t) for t in version)`,
    { X: '[3, 3, None, 3, (1, 2), (1, 2, 3)]', Y: '1.2.3' },
  ],
  [
    'a version never equals text',
    `env.X = version == '1.2.3'\nenv.Y = str(version) == '1.2.3'`,
    { X: 'False', Y: 'True' },
  ],
  [
    'resolve and request',
    `env.X = [resolve.foo.root, resolve['foo'].name, str(resolve.foo), resolve.get('q'), request.foo, request.get('q', 'd')]`,
    { X: `['${ROOT}', 'foo', 'foo-1.2.3', None, 'foo', 'd']` },
  ],
  [
    'intersects',
    `env.X = [intersects(resolve.foo, '1+'), intersects(version, '2'), intersects('q-1', '<2'), intersects('!q-1', '1')]`,
    { X: '[True, False, True, False]' },
  ],
  [
    'implicits and ephemerals',
    `env.X = [implicits.platform, ephemerals.get('q', '1'), str(ephemerals.get_range('q', '1+'))]`,
    { X: "['~platform==linux', '1', '1+']" },
  ],
  [
    'reading env',
    `env.X = 'a'\nif env.X == 'a' and env.X:\n    env.Y = env.X.value() + env.X.get() + getenv('X')\nenv.Z = '{env.X}'\nenv.W = [defined('X'), undefined('X'), 'X' in env]`,
    { X: 'a', Y: 'aaa', Z: 'a', W: '[True, False, True]' },
  ],
  ['setdefault', `env.X = 'a'\nenv.X.setdefault('b')`, { X: 'a' }],
  [
    'os.path',
    `import os\nenv.X = os.path.join(root, 'lib')\nenv.Y = os.path.dirname('{root}/x')\nenv.Z = os.pathsep.join(['a', 'b'])`,
    { X: `${ROOT}/lib`, Y: ROOT, Z: 'a:b' },
  ],
  [
    'platform and sys',
    `import platform, sys\nenv.X = platform.system() + sys.platform + platform.machine()`,
    { X: 'Linuxlinuxx86_64' },
  ],
  [
    'messages',
    `import sys\ninfo('a')\nerror('b')\ncomment('c')\nshebang()\nprint('d')\nsys.stdout.write('e')\nsys.stderr.flush()\nenv.X = 1`,
    { X: '1' },
  ],
  [
    'expandvars and format',
    `env.Q = 'z'\nenv.X = expandvars('$Q{root}')\nenv.Y = format('{version}')\nenv.Z = expandvars('$Q')`,
    { Q: 'z', X: `z${ROOT}`, Y: '1.2.3', Z: 'z' },
  ],
  [
    'update, get and setdefault of env',
    `env.update({'A': 1}, B='{version}')\nenv.get('A').append('2')\nenv.setdefault('C', 'x').set('y')`,
    { A: '1:2', B: '1.2.3', C: 'y' },
  ],
  [
    'keyword arguments',
    `setenv(key='A', value='a')\nappendenv('A', value='b')\nenv.A.append(value='c')\nenv.A.reset('d', ['friend'])`,
    { A: 'd' },
  ],
  [
    'variables compared',
    `env.A = 'x'\nenv.B = 'x'\nenv.C = [env.A == env.B, env.A == 'y', env.A == 1, env.A != 'x', env.A.name]`,
    { A: 'x', B: 'x', C: "[True, False, False, False, 'A']" },
  ],
  [
    'escaped texts',
    `a = literal('x').l('y').e('{version}').expandable('$A').literal('{z}')\nenv.X = a\nenv.Y = a == 'xy{version}$A{z}'\nenv.Z = literal('q') == literal('q')\nenv.W = literal('a') + literal('b') + 'c'\nenv.V = 'in {a}'`,
    { X: 'xy1.2.3${A}{z}', Y: 'True', Z: 'True', W: 'abc', V: 'in {a}' },
  ],
  [
    'ranges',
    `env.X = [str(request.get_range('foo', '1')), request.get_range('q'), ephemerals.get_range('q', '1') == ephemerals.get_range('q', '1'), intersects(ephemerals.get_range('q', '1+'), '2'), intersects('~foo', '1'), intersects('foo', '1')]`,
    { X: "['', None, True, True, False, True]" },
  ],
  [
    'the version of an unversioned package',
    `env.X = [bool(version), resolve.foo.version.major == 1]`,
    { X: '[True, True]' },
  ],
  ['globals', `env = globals()['env']\nenv.X = 'a'`, { X: 'a' }],
  ['global', `n = 1\ndef f():\n    global n\n    n = 2\nf()\nenv.X = n`, { X: '2' }],
]

describe('commands that are evaluated', () => {
  it('make no lines of their own in notes', () => {
    const { notes } = commands(`source('a.sh\\nerror: no')\nenv['A\\nB'] = '{env.SITE}'`)
    expect(notes.filter((note) => note.includes('\n'))).toEqual([])
    expect(notes[0]).toContain('source(a.sh\\x0aerror: no) is left to the shell')
  })

  it.each(TABLE)('%s', (_title, body, expected) => {
    const result = commands(body)
    expect(result.unevaluated).toEqual([])
    expect(values(result)).toEqual(expected)
  })

  it('sets the variables of each package', () => {
    const { environment } = context({ 'foo.bar-1.2b': '', 'baz-none': '' })
    const own = environment.variables.map((item) => `${item.name}=${item.entries.map((entry) => entry.value).join('')}`)
    expect(own).toEqual([
      'REZ_BAZ_BASE=/repo/baz/none',
      'REZ_BAZ_MAJOR_VERSION=',
      'REZ_BAZ_MINOR_VERSION=',
      'REZ_BAZ_PATCH_VERSION=',
      'REZ_BAZ_ROOT=/repo/baz/none',
      'REZ_BAZ_VERSION=',
      'REZ_FOO_BAR_BASE=/repo/foo.bar/1.2b',
      'REZ_FOO_BAR_MAJOR_VERSION=1',
      'REZ_FOO_BAR_MINOR_VERSION=2b',
      'REZ_FOO_BAR_PATCH_VERSION=',
      'REZ_FOO_BAR_ROOT=/repo/foo.bar/1.2b',
      'REZ_FOO_BAR_VERSION=1.2b',
    ])
  })

  it('runs all pre_commands, then all commands, then all post_commands, and keeps who set what', () => {
    const text = (name: string): string =>
      ['post_commands', 'commands', 'pre_commands']
        .map((phase) => `def ${phase}():\n    env.X.append('${name} ${phase}')\n`)
        .join('')
    const { environment } = context({ 'a-1': text('a'), 'b-2': text('b') })
    const variable = environment.variables.find((item) => item.name === 'X')
    expect(variable?.entries).toEqual([
      { value: 'a pre_commands', package: 'a-1' },
      { value: 'b pre_commands', package: 'b-2' },
      { value: 'a commands', package: 'a-1' },
      { value: 'b commands', package: 'b-2' },
      { value: 'a post_commands', package: 'a-1' },
      { value: 'b post_commands', package: 'b-2' },
    ])
  })

  it('keeps the package of elements when a variable is made from itself', () => {
    const { environment } = context({
      'a-1': `def commands():\n    env.X.append('{root}/lib')\n`,
      'b-2': `def commands():\n    env.X = '{root}/lib:\${X}'\n`,
    })
    expect(environment.variables.find((item) => item.name === 'X')?.entries).toEqual([
      { value: '/repo/b/2/lib', package: 'b-2' },
      { value: '/repo/a/1/lib', package: 'a-1' },
    ])
  })

  it('keeps the last alias of a name', () => {
    const { environment } = context({
      'a-1': `def commands():\n    alias('run', '{root}/bin/run')\n    alias('b', 'q')\n`,
      'b-2': `def commands():\n    alias('run', 'other $X')\n`,
    })
    expect(environment.aliases).toEqual([
      { name: 'b', command: 'q', package: 'a-1' },
      { name: 'run', command: 'other ${X}', package: 'b-2' },
    ])
  })

  it('sees attributes of the definition through this', () => {
    const head = `tools = ['t']\n_free = {'k': ['v']}\nfree = 'F'\n`
    const result = commands(
      `env.X = '{this.free}{this._free[k]}{this.tools[0]}'\nenv.Y = this.qualified_name`,
      {},
      head,
    )
    expect(values(result)).toEqual({ X: "F['v']t", Y: 'foo-1.2.3[]' })
  })

  it('binds a package without version', () => {
    const text = `def commands():\n    env.X = [bool(version), version.major, len(version), str(version), this.index, str(this)]\n`
    expect(values(context({ 'foo-none': text }))).toEqual({ X: "[False, None, 0, '', None, 'foo']" })
  })

  it('knows of settings that they are no free attributes', () => {
    const head = `with scope('extra') as s:\n    s.a = 1\n@late()\ndef free():\n    return 1\n`
    const { unevaluated } = commands(`env.X = this.extra\nenv.Y = this.free`, {}, head)
    expect(unevaluated.map((item) => item.reason)).toEqual([
      'the attribute extra is not evaluated',
      'the attribute free is not known: a late function: Rez runs it when the attribute is asked for',
    ])
  })

  it('takes modules of @include as unknown, and commands of the first Rez as refused', () => {
    const included = context({ foo: `@include('util')\ndef commands():\n    env.X = util.path()\n    env.Y = 1\n` })
    expect(values(included)).toEqual({ Y: '1' })
    const refused = context({ foo: `commands = ['export X=1']\n` })
    expect(refused.unevaluated).toHaveLength(1)
  })

  it('asks for files only where the caller answers', () => {
    const body = `import os\nif os.path.isdir(root):\n    env.X = 'there'`
    expect(values(commands(body, { exists: (path, kind) => path === ROOT && kind === 'folder' }))).toEqual({
      X: 'there',
    })
    expect(commands(body).unevaluated.map((item) => item.line)).toEqual([4])
  })

  it('asks the caller only where the caller is known', () => {
    const parent = new Map([
      ['SITE', 'KOR'],
      ['MAYA_LOCATION', null],
    ])
    const body = `import os\nlocation = os.getenv('MAYA_LOCATION') or '/usr/autodesk/maya'\nenv.X = location\nif env.SITE == 'KOR' and not defined('MAYA_LOCATION'):\n    env.Y.append('$SITE/{root}')\nenv.Z = '$OTHER'`
    const result = commands(body, { parent })
    expect(result.unevaluated).toEqual([])
    expect(values(result)).toEqual({ X: '/usr/autodesk/maya', Y: `KOR/${ROOT}`, Z: '${OTHER}' })
    // A shell has the variable itself.
    expect(result.actions.at(-2)).toMatchObject({ name: 'Y', pieces: [{ text: `\${SITE}/${ROOT}` }] })
    expect(commands(body).unevaluated.map((item) => item.line)).toEqual([4, 5, 6])
  })

  it('knows the resolve as a whole, which no shell has in a variable', () => {
    const body = `env.X = '$REZ_USED_RESOLVE'\nif 'foo-1' in str(env.REZ_USED_RESOLVE):\n    env.Y = env.REZ_USED_REQUEST`
    const result = commands(body, { requests: ['foo-1+<=2', '!bar'] })
    expect(values(result)).toEqual({ X: 'foo-1.2.3', Y: 'foo-1..2 !bar' })
    expect(result.actions.at(-2)).toMatchObject({ name: 'X', pieces: [{ text: 'foo-1.2.3' }] })
    expect(result.environment.variables.some(({ name }) => name.startsWith('REZ_USED'))).toBe(false)
  })
})
