/** What only the caller's shell knows: it goes into the environment as a reference, and nothing else is done with it. */
import { describe, expect, it } from 'vitest'
import { commands, context, values } from './context.ts'
import type { Row } from './statements.ts'
import { testRows } from './statements.ts'

const TABLE: readonly Row[] = [
  [
    'a value is put into text as a reference',
    `import os\nsoft = os.environ['SOFT']\nenv.A = '{env.SOFT}/a'\nenv.B = soft + ':' + str(env.SITE)\nenv.C = '%s/%s' % ('c', soft)\nenv.D = f'{soft}/d'\nenv.E = ':'.join(['e', soft])\nenv.F.append(getenv('SOFT'))\nenv.G = '{soft}/{version}'`,
    [],
    {
      A: '${SOFT}/a',
      B: '${SOFT}:${SITE}',
      C: 'c/${SOFT}',
      D: '${SOFT}/d',
      E: 'e:${SOFT}',
      F: '${SOFT}',
      G: '${SOFT}/1.2.3',
    },
  ],
  [
    'a value begins a path',
    `import os\nenv.A = os.path.join(os.environ['HOME'], 'bin')\nenv.B = os.path.join(os.environ['HOME'] + '/', 'bin')\nenv.C = os.path.join(os.environ['HOME'], '/bin')\nenv.D = os.path.join('/opt', os.environ['SITE'])\nenv.E = os.path.join(os.getenv('SITE', ''), 'bin')`,
    [5, 6],
    { A: '${HOME}/bin', B: '${HOME}/bin', C: '/bin' },
  ],
  [
    'a value that may be none waits until it is used',
    `import os\na = os.getenv('SITE')\nb = os.environ.get('SITE', 'US')\nif a is None:\n    env.X = 1\nenv.Y = a\nenv.Z = b\nenv.W = os.getenv('SITE', '')`,
    [4, 6, 7],
    { W: '${SITE}' },
  ],
  [
    'what is asked of a text is not known',
    `a = '{}/a'.format(env.SITE)\nenv.A = len(a)\nenv.B = a.upper()\nenv.C = a == 'b'\nenv.D = 'b' in a\nenv.E = a[1:]\nenv.F = '%9s' % a\nenv.G = [a]\nenv.H = int(a)\nenv[a] = 1\nenv.I = literal(a)\nfor c in a:\n    env.J = c`,
    [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
    {},
  ],
  [
    'of a text that holds more enough may be known',
    `a = '{}/a'.format(env.SITE)\nenv.A = 'yes' if a else 'no'\nenv.B = a is None\nenv.C = str(env.SITE) or 'none'`,
    [4],
    { A: 'yes', B: 'False' },
  ],
  [
    'what the value would be the name of is not known',
    `env.A = '$LIB' + str(env.SITE)\nenv.B = '{ro' + str(env.SITE) + '}'\nenv.C = '{root}$LIB{env.SITE}'`,
    [1, 2],
    { C: '/repo/foo/1.2.3${LIB}${SITE}' },
  ],
  [
    'an exception for a missing one may be caught',
    `import os\ntry:\n    env.X = os.environ['SITE']\nexcept KeyError:\n    env.X = 'none'\ntry:\n    env.Y = str(env.SITE)\nexcept Exception:\n    pass`,
    [3, 7],
    {},
  ],
  [
    'what packages have changed is no longer what the caller has',
    `import os\nenv.A.append('a')\nunsetenv('B')\nenv.X = os.environ['A']\nenv.Y = env.B\nenv.Z = env.A`,
    [4, 5],
    { A: 'a', Z: 'a' },
  ],
  [
    'code that is not evaluated may have changed it',
    `if defined('Q'):\n    env.A = 1\nenv.X = env.A\nfor key in ('B', 'C'):\n    if key in env:\n        env[key] = 1\nenv.Y = env.B\nenv.Z = env.D\nif defined('Q'):\n    env[getenv('R')] = 1\nenv.W = env.E`,
    [1, 3, 5, 7, 9, 11],
    { Z: '${D}' },
  ],
  [
    'a variable that holds a reference gives it back',
    `env.A = '$HOME/a'\nenv.B = str(env.A) + '/b'\nenv.C = env.A.value().startswith('/home')\nenv.D = expandvars('{root}:$HOME')\nenv.HOME = '/h'\nenv.E = env.B`,
    [3, 6],
    { A: '${HOME}/a', B: '${HOME}/a/b', D: '/repo/foo/1.2.3:${HOME}', HOME: '/h' },
  ],
  [
    'a text that looks like a part of the caller is none',
    `a = '\\ufdd0!HOME\\ufdd1'\nenv.B = '{}\\ufdd0'.format(1)\nenv.C = f'{env.SITE}\\ufdd0'\nenv.D = chr(0xfdd0) + '!HOME'\nenv.E = '{env.HOME}'`,
    [1, 2, 3, 4],
    { E: '${HOME}' },
  ],
  ['what Rez sets for the context is not of the caller', `env.X = env.REZ_USED_VERSION`, [1], {}],
  [
    'conditions that decide what is printed decide nothing',
    `import os, sys\nif defined('SITE'):\n    print('a')\nelif not building and 'Q' not in os.environ:\n    sys.stdout.write('b')\nif os.path.exists('/etc/passwd') or 'Q' in env.keys():\n    info('c')\n    if undefined('SITE'):\n        pass\nenv.X = 1`,
    [],
    { X: '1' },
  ],
  [
    'conditions that may raise, or decide more, are not known',
    `if env.SITE == 'KOR':\n    print('a')\nif defined('SITE'):\n    print(env.SITE)\nif defined('SITE'):\n    print('a')\nelse:\n    env.X = 1`,
    [1, 3, 5],
    {},
  ],
  [
    'conditions that may end the resolve leave one way on',
    `import os\nif not os.path.exists('/opt/maya'):\n    message = 'no maya'\n    stop(message)\nif env.SITE == 'A':\n    raise Exception('not here')\nelif env.SITE == 'B':\n    env.X = 'b'\nelse:\n    stop('nowhere')\nenv.Y = 1`,
    [],
    { X: 'b', Y: '1' },
  ],
  [
    'conditions of which two branches go on, or that do something, are not known',
    `if env.SITE == 'A':\n    stop('a')\nelif env.SITE == 'B':\n    env.X = 1\ndef f():\n    env.Y = 1\n    return env.SITE.value()\nif f() == 'A':\n    stop('a')\nif env.SITE == 'A':\n    for x in []:\n        stop('a')\ntry:\n    if env.SITE == 'A':\n        stop('a')\nexcept Exception:\n    env.Z = 1`,
    [1, 8, 10, 14],
    { Y: '1' },
  ],
  [
    'a function of the package is not the one that it is called as',
    `def print(text):\n    env.X = text\nif defined('SITE'):\n    print('a')\nenv.Y = 1`,
    [3],
    { Y: '1' },
  ],
  [
    'a function called stop that ends nothing',
    `def stop(text):\n    env.X = text\nif env.SITE == 'A':\n    stop('a')\nenv.Y = 1`,
    [3],
    { Y: '1' },
  ],
  [
    'a list of the names, and a copy of the environment',
    `import os\nenv.A = 1\nkeys = list(env.keys())\nenv.B = 'A' in keys\nenv.C = 'Q' in keys\nenv.D = len(keys)\nown = os.environ.copy()\nown['SITE'] = 'mine'\nenv.E = own['SITE'] + own.get('SITE')\nenv.F = own['SOFT']\nenv.G = len(own)`,
    [5, 6, 11],
    { A: '1', B: 'True', E: 'minemine', F: '${SOFT}' },
  ],
]

describe("values of the caller's shell", () => {
  testRows(TABLE)

  it('says where references are, and what Rez makes of them', () => {
    const { notes } = commands(
      `import os\nenv.X = '{env.SITE}'\nenv.Y = os.getenv('MORE', '')\nenv.Z.append(env.SITE)\nalias('go', '{env.SITE}/go')`,
    )
    expect(notes).toEqual([
      "foo-1.2.3 lines 4, 6, 7: X, Z, the alias go refer to $SITE of the caller's shell, without which Rez makes no environment: parent_environment of airtight.yaml can say it",
      "foo-1.2.3 line 5: Y refers to $MORE of the caller's shell: parent_environment of airtight.yaml can say it",
      'references stand for values as they are: Rez would expand "$", "{" and a first "~" in them, and os.path.join adds no "/" to one that is empty or ends in "/"',
    ])
  })

  it('says where a condition may end the resolve', () => {
    const { notes } = commands(`import os\nif not os.path.exists('/opt/maya'):\n    stop('no maya')`, {
      exists: () => null,
    })
    expect(notes).toEqual([
      'foo-1.2.3 line 4: this may end the resolve, which then has no environment: whether /opt/maya is there depends on the machine',
    ])
  })

  it('doubts a reference to what a package sets later', () => {
    const result = context({
      a: `def commands():\n    env.X = '{env.SITE}/a'\n`,
      b: `def commands():\n    env.SITE = 'mine'\n    env.Y = env.X\n`,
    })
    expect(values(result)).toEqual({ SITE: 'mine', X: '${SITE}/a' })
    expect(result.notes.filter((note) => note.includes('may differ'))).toEqual([
      'X may differ: it holds what the caller has in $SITE, which a package changes later',
      'Y may differ: b-1.2.3 line 3: $X is not fully known: it holds what the caller has in $SITE, which a package changes later',
    ])
  })

  it('doubts what takes such a reference from another variable, and nothing that has lost it', () => {
    const { notes } = context({
      a: `def commands():\n    env.X = '{env.SITE}/a'\n    env.Y = '$X/b'\n    env.Y = '$Y/c'\n    env.Z = '$X'\n    env.W = '$X'\n`,
      b: `def commands():\n    env.Z = 'plain'\n    unsetenv('W')\n    env.SITE = 'mine'\n    env.W = 'plain'\n`,
    })
    expect(notes.filter((note) => note.includes('may differ'))).toEqual([
      'X may differ: it holds what the caller has in $SITE, which a package changes later',
      'Y may differ: it holds what the caller has in $SITE, which a package changes later',
    ])
  })

  it('writes values that the policy says', () => {
    const parent = new Map([['SITE', 'KOR']])
    const result = commands(`import os\nenv.X = '{env.SITE}/a'\nenv.Y = os.path.join(os.environ['SITE'], 'b')`, {
      parent,
    })
    expect(values(result)).toEqual({ X: 'KOR/a', Y: 'KOR/b' })
    expect(result.notes).toEqual([])
  })
})
