/** Packages whose commands take something from outside: the caller's variables, files of packages, the resolve as a whole. */
import { one } from './cases.ts'
import type { Case } from './cases.ts'

const PARENT = { SITE: 'KOR', EMPTY: '', GONE: null, HOME: '/home/me', LIBRARY_PATH: '/a:/b' }

function called(title: string, body: string): Case {
  return { ...one(title, body), parent: PARENT }
}

export const OUTSIDE: readonly Case[] = [
  one('caller variable', `import os\nenv.X = os.environ.get('HOME', 'x')\nenv.Y = 1`),
  one(
    'files of the package',
    `import os\nif os.path.exists(os.path.join(root, 'package.py')) and os.path.isfile('{}/package.py'.format(this.root)):\n    env.X = 'a'\nif os.path.isdir(root + '/lib64') or not os.path.isdir(root):\n    env.Y = 1\nelse:\n    env.Y = os.path.lexists(root + '/nope')\nfor d in ('', 'lib', 'bin'):\n    if os.path.isdir(os.path.join(this.base, d)):\n        env.Z.append(d)`,
  ),
  one(
    'unknown condition',
    `import os\nif os.path.exists('/etc/passwd'):\n    env.X = 'a'\nelse:\n    env.X = 'b'\nenv.Y = 1`,
  ),
  called(
    'variables of the caller',
    `if env.SITE == 'KOR':\n    env.X = '5053@10.10.10.130'\nelse:\n    env.X = '5053@11.0.2.41'\nenv.Y = getenv('SITE') + str(env.EMPTY) + env.SITE.value()\nenv.Z = [defined('SITE'), undefined('SITE'), defined('GONE'), undefined('GONE')]\nenv.W = 'x' if env.EMPTY else 'y'\nenv.V = '{env.SITE}/a'`,
  ),
  called(
    'references to variables of the caller',
    `env.X = '$SITE/a:\${EMPTY}/b'\nenv.Y.append('\${LIBRARY_PATH}')\nenv.Y.append('c')\nenv.Z = expandvars('$SITE {root}')\nenv['A_$SITE'] = 1`,
  ),
  called(
    'whether the caller has a variable',
    `env.X = ['SITE' in env, 'GONE' in env, 'SITE' in env.keys(), 'GONE' in env.keys()]\nenv.Q.append('a')\nenv.Y = ['Q' in env, 'Q' in env.keys()]\nenv.Z = env.SITE if 'SITE' in env else 'none'`,
  ),
  called(
    'os.environ',
    `import os\nenv.X = [os.environ['SITE'], os.environ.get('GONE'), os.environ.get('GONE', 'b'), os.getenv('SITE'), os.getenv('GONE', 'c'), 'SITE' in os.environ, 'GONE' not in os.environ]\ntry:\n    env.Y = os.environ['GONE']\nexcept KeyError:\n    env.Y = 'none'\nlocation = os.getenv('GONE')\nif not location:\n    location = '/usr/autodesk/maya{}'.format(version.major)\nenv.PATH.prepend(os.path.join(location, 'bin'))`,
  ),
  called(
    'what packages set is not in os.environ',
    `import os\nenv.SITE = 'x'\nenv.X = os.environ['SITE'] + str(env.SITE)\nunsetenv('SITE')\nenv.Y = env.SITE`,
  ),
  called(
    'paths with variables of the caller',
    `import os\nenv.X = [os.path.expanduser('~/a'), os.path.expanduser('~'), os.path.expanduser('a~'), os.path.expandvars('$SITE/\${EMPTY}x/\${GONE}'), os.path.relpath('/a/b/c', '/a/d'), os.path.relpath('/a', '/a'), os.path.normcase('/A/b')]`,
  ),
  called('a variable that the caller has not', `env.X = 'a'\nenv.Y = env.GONE`),
  called('a variable that nobody has, in try', `try:\n    env.Y = '{env.GONE}'\nexcept Exception:\n    env.Y = 'none'`),
  {
    title: 'the resolve as a whole',
    packages: {
      a: `requires = ['@b', '.eph-1']\ndef commands():\n    env.X = env.REZ_USED_RESOLVE\n    env.Y = '$REZ_USED_REQUEST|\${REZ_USED_EPH_RESOLVE}'\n    env.Z = getenv('REZ_USED_IMPLICIT_PACKAGES')\n    if '@b-1' in env.REZ_USED_RESOLVE.value() and 'katana-6' not in str(env.REZ_USED_RESOLVE):\n        env.W = 1\n    env.V = defined('REZ_USED_RESOLVE')\n    env.U.append('{env.REZ_USED_REQUEST}')\n`,
      b: `def commands():\n    env.T = 'REZ_USED_RESOLVE'\n`,
    },
    requests: ['@a-1+<2', '@b', '!zz-2'],
  },
  {
    title: 'names in a folder of the package',
    packages: {
      a: `def commands():\n    import os\n    for name in sorted(os.listdir(os.path.join(root, 'plugins'))):\n        if os.path.exists(os.path.join(root, 'plugins', name, 'plugInfo.json')):\n            env.PLUGINS.append('{root}/plugins/' + name)\n    env.X = len(os.listdir(root + '/plugins'))\n    try:\n        os.listdir(root + '/nope')\n    except OSError:\n        env.Y = 'none'\n    if 'b' in os.listdir('{}/plugins'.format(this.root)):\n        env.Z = 'b'\n`,
    },
    files: { a: { 'plugins/b/plugInfo.json': '{}', 'plugins/a/plugInfo.json': '{}', 'plugins/c/other': '' } },
    requests: ['@a'],
  },
  {
    title: 'a module of the package',
    packages: {
      a: `def commands():\n    import sys\n    sys.path.append(root)\n    import @settings\n    @settings.commands(env, root)\n    from @tools import lib_path\n    env.X = lib_path(this.root)\n`,
    },
    files: {
      a: {
        '@settings.py': `import os\nNAME = 'n'\n\ndef commands(env, root):\n    env.PATH.append(os.path.join(root, 'bin'))\n    env.LD_LIBRARY_PATH.append(root + '/lib')\n    env.NAME = NAME\n`,
        '@tools/__init__.py': `def lib_path(root):\n    return root + '/lib64'\n`,
      },
    },
    requests: ['@a'],
  },
  {
    title: 'an included module',
    packages: {
      a: `@include('helper')\ndef commands():\n    helper.add(env, this)\n    env.X = helper.NAME + helper.join('{root}', 'lib')\n    for key in helper.KEYS:\n        env[key] = key.lower()\n`,
    },
    modules: {
      a: {
        helper: `import os\nNAME = 'n-'\nKEYS = ['K1', 'K2']\n\ndef join(*parts):\n    return os.path.join(*parts)\n\ndef add(env, this):\n    env.ADDED.append('{root}/added')\n    env['ADDED_BY'] = this.name\n`,
      },
    },
    requests: ['@a'],
  },
]
