/** Packages whose commands take what only the caller's shell knows: Rez is told, Airtight is not. */
import { one } from './cases.ts'
import type { Case } from './cases.ts'

const UNTOLD = { SITE: 'KOR', SOFT: '/mnt/soft', HOME: '/home/me', CONFIG: '/etc/rez.py', EMPTY: '', GONE: null }

function untold(title: string, body: string): Case {
  return { ...one(title, body), untold: UNTOLD }
}

export const CALLERS: readonly Case[] = [
  untold(
    'a value in a field',
    `env.X = '/usr/autodesk/maya{env.SITE}'\nenv.Y = '{env.SOFT}'\nenv.Z.append('{env.SOFT}/a:{root}')`,
  ),
  untold(
    'a value itself',
    `env.X = env.SITE\nenv.Y.append(env.SOFT)\nenv.Y.prepend(getenv('SITE'))\nenv.Z = env.EMPTY`,
  ),
  untold(
    'a value in text',
    `import os\nsoft = os.environ['SOFT']\nenv.A = soft + '/a'\nenv.B = 'x' + soft\nenv.C = '%s/%s' % (soft, 'c')\nenv.D = '{}/{x}'.format(env.SOFT, x=str(env.SITE))\nenv.E = f'{soft}/e{{root}}'\nenv.F = ':'.join([soft, '{root}', env.SITE.value()])\nenv.G = '{soft}/g'\nenv.H = str(soft)\nenv.I = '{}'.format('%s' % env.SITE.get())`,
  ),
  untold(
    'a value as the first part of a path',
    `import os\nenv.PATH.append(os.path.join(os.environ['HOME'], 'bin'))\nlib = os.path.join(env.SOFT.get(), 'usd', str(version), '')\nenv.LIB = lib\nenv.LD_LIBRARY_PATH.prepend(os.path.join(lib, 'lib'))\nenv.ABS = os.path.join(lib, '/abs')`,
  ),
  untold(
    'a value or nothing',
    `import os\nenv.X = os.getenv('CONFIG', '')\nenv.Y = os.environ.get('CONFIG', '') + '/y'\nenv.Z = '{root}:' + os.environ.get('GONE', '')`,
  ),
  untold(
    'a value that is not used',
    `import os\na = os.getenv('SITE')\nb = os.environ.get('CONFIG', 'c')\nc = os.getenv('GONE')\nenv.X = 1`,
  ),
  untold(
    'a value that decides',
    `import os\na = os.getenv('SITE')\nif a:\n    env.X = a\nif a is None:\n    env.Y = 1\nenv.Z = 'z'`,
  ),
  untold(
    'a value or another',
    `import os\nenv.X = os.getenv('SITE', 'US')\nenv.Y = os.getenv('SITE') or 'US'\nenv.Z = 'z'`,
  ),
  untold(
    'texts that are asked about',
    `import os\na = os.environ['SITE'] + '/a'\nenv.A = len(a)\nenv.B = a.lower()\nenv.C = a == 'KOR/a'\nenv.D = a[0]\nenv.E = a.replace('K', 'k')\nenv.F = 'K' in a\nenv.G = a.split('/')[0]\nenv.H = os.path.dirname(a)\nenv.I = os.path.exists(a)\nenv.J = '%5s' % a\nenv.K = '{:>9}'.format(a)\nenv.L = repr(a)\nenv.M = [a]\nenv.N = {a: 1}\nenv.O = a * 2\nenv.P = sorted([a, 'b'])[0]\nenv.Q = literal(a)\nenv.R = os.path.join('/x', os.environ['SITE'])\nenv.S = isinstance(a, str)\nenv.U = 'z'`,
  ),
  untold(
    'texts of which enough is known',
    `import os\na = os.environ['SITE'] + '/a'\nenv.A = 'x' if a else 'y'\nenv.B = a is None\nenv.C = a == None\nenv.D = a or 'b'`,
  ),
  untold(
    'names that the value would end',
    `env.X = '$SITE{env.SITE}'\nenv.Y = expandvars('$' + str(env.SITE))\nenv.Z = '{ro' + env.SITE.value() + '}'`,
  ),
  untold(
    'what is caught',
    `import os\ntry:\n    env.X = os.environ['SITE']\nexcept KeyError:\n    env.X = 'none'\ntry:\n    env.Y = '{env.SOFT}'\nexcept Exception:\n    env.Y = 'none'\ntry:\n    env.Z = os.getenv('EMPTY', '')\nexcept Exception:\n    env.Z = 'none'`,
  ),
  untold(
    'a variable that packages have changed',
    `import os\nenv.SITE = 'mine'\nenv.X = str(env.SITE)\nenv.Y = '{env.SITE}'\nunsetenv('SOFT')\nenv.Z = env.SOFT\nenv.CONFIG.append('a')\nenv.W = os.environ['CONFIG']`,
  ),
  untold(
    'a variable that a package changes later',
    `env.X = '{env.SITE}/a'\nenv.Z.append('{env.SOFT}')\nenv.SITE = 'mine'\nenv.Y = env.SITE`,
  ),
  untold(
    'a variable that holds its own value',
    `import os\nenv.SOFT.append(os.environ['SOFT'])\nenv.SOFT.append('/b')\nenv.SITE = env.SITE.value() + ':b'`,
  ),
  untold(
    'a variable that holds its own value is read',
    `import os\nenv.SOFT.append(os.environ['SOFT'])\nenv.X = env.SOFT`,
  ),
  untold(
    'a variable with a reference is read',
    `import os\nenv.A = '$HOME/a'\nenv.B = str(env.A) + '/b'\nenv.C = '{env.A}/c'\nenv.D = env.A.value().startswith('/home')\nenv.E = '$A/e'\nenv.F = expandvars('$HOME/f')\nenv.G = os.path.expandvars('$HOME/g')`,
  ),
  untold(
    'code that may have changed it',
    `import os\nif os.getenv('CONFIG') == 'a':\n    env.SITE = 'b'\nenv.X = env.SITE\nfor key in ('SOFT', 'GONE'):\n    if key in env:\n        env[key] = 'c'\nenv.Y = env.SOFT\nenv.Z = env.HOME`,
  ),
  untold(
    'code that may have changed any',
    `import os\nif os.getenv('CONFIG') == 'a':\n    env[os.getenv('GONE')] = 'b'\nenv.X = env.SITE`,
  ),
  untold('an alias and a file', `alias('go', '{env.SOFT}/bin/go')\nenv.X = 1`),
  untold('variables of the context', `env.X = env.REZ_USED_VERSION\nenv.Y = 1`),
  untold('stop with a value', `env.X = 1\nstop('not for %s', env.SITE)`),
  untold(
    'conditions that only speak',
    `import os, sys\nif defined('SITE'):\n    print('a')\nelif not building and 'CONFIG' not in os.environ:\n    sys.stdout.write('b')\nelse:\n    pass\nif 'SOFT' in env.keys() or os.path.exists('/etc/passwd'):\n    info('c')\n    if undefined('GONE'):\n        error('d')\nenv.X = 1`,
  ),
  untold('conditions that raise', `if env.SITE == 'KOR':\n    print('a')\nenv.X = 1`),
  untold('conditions that do more', `if defined('SITE'):\n    print('a')\n    env.Y = 2\nenv.X = 1`),
  untold(
    'conditions that may end the resolve',
    `import os\nif not os.path.exists('/etc/passwd'):\n    message = 'no %s' % 'way'\n    stop(message)\nif env.SITE == 'US':\n    stop('not here')\nelif env.SITE == 'KOR':\n    env.X = 'kor'\nelse:\n    raise Exception('nowhere')\ndef check(path):\n    if not os.path.isdir(path):\n        stop('no ' + path)\n    return path\nenv.Y = check('/etc')\nenv.Z = 1`,
  ),
  untold(
    'a condition that ends the resolve',
    `import os\nif os.path.exists('/etc/passwd'):\n    stop('no')\nenv.Z = 1`,
  ),
  untold(
    'conditions of which several branches go on',
    `import os\nif os.path.exists('/etc/passwd'):\n    env.X = 1\nelif env.SITE == 'q':\n    stop('no')\nif os.path.exists('/etc/passwd'):\n    for i in []:\n        stop('no')\ntry:\n    if os.path.exists('/etc/passwd'):\n        raise Exception('a')\n    env.Y = 1\nexcept Exception:\n    env.Y = 2\nenv.Z = 1`,
  ),
  untold(
    'the list of names',
    `env.A = 1\nkeys = list(env.keys())\nenv.B = 2\nenv.C = ['A' in keys, 'B' in keys]\nfor key in ('A', 'SITE'):\n    if key not in keys:\n        env[key] = 'x'`,
  ),
  untold(
    'a copy of os.environ',
    `import os\nown = os.environ.copy()\nown['A'] = 'a'\nown['SITE'] = 'mine'\nenv.X = own['A'] + own['SITE'] + own.get('A')\nenv.Y = 'A' in own\nenv.Z = own['SOFT'] + '/z'`,
  ),
  {
    title: 'a value that goes through a function and two packages',
    packages: {
      a: `requires = ['@b']\ndef commands():\n    env.PATH.append('{env.TOOLS}/bin')\n    env.MORE = '$TOOLS/more'\n    env.REST = str(env.TOOLS) + '/rest'\n`,
      b: `def commands():\n    import os\n    def tools(name):\n        return os.path.join(str(env.SOFT), name)\n    env.TOOLS = tools('b')\n`,
    },
    untold: UNTOLD,
    requests: ['@a'],
  },
]
