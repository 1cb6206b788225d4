/** Packages whose commands use one feature each, to be held against Rez; `@` stands for the prefix of the case, `#` for it in capitals. */

export interface Case {
  readonly title: string
  /** Modules that packages include, by package and module: files below `.rez/include`. */
  readonly modules?: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Text of package.py after name and version, by name. */
  readonly packages: Readonly<Record<string, string>>
  /** Other files of packages, by package and path. */
  readonly files?: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Variables of the caller; null for one that it has not. */
  readonly parent?: Readonly<Record<string, string | null>>
  /** Variables of the caller that Rez alone is told; the case is run once more without them. */
  readonly untold?: Readonly<Record<string, string | null>>
  readonly requests: readonly string[]
}

/** One package with these lines of commands. */
export function one(title: string, body: string, head = ''): Case {
  return { title, packages: { a: `${head}\ndef commands():\n${indent(body)}` }, requests: ['@a'] }
}

function indent(body: string): string {
  return body
    .split('\n')
    .map((line) => (line === '' ? '' : `    ${line}`))
    .join('\n')
}

export const CASES: readonly Case[] = [
  one('set by attribute', `env.X = 'a'`),
  one('set by key', `env['X'] = '{root}'`),
  one('append, append, prepend', `env.X.append('a')\nenv.X.append('b')\nenv.X.prepend('c')`),
  one('set after append', `env.X.append('a')\nenv.X = 'b'\nenv.X.append('c')`),
  one('unset', `env.X = 'a'\nenv.X.unset()\nenv.Y = 1\nunsetenv('Y')\nenv.Y.append('q')`),
  one('reset', `env.X = 'a'\nenv.X.reset('b')\nresetenv('X', '{version}', ['q'])`),
  one('setdefault', `env.X.setdefault('a') if False else None\nenv.X = 'b'\nenv.X.setdefault('c')`),
  one(
    'functions',
    `setenv('A', '{root}')\nappendenv('B', 'x')\nappendenv('B', 'y')\nprependenv('B', 'z')\nenv.C = getenv('A')`,
  ),
  one(
    'separators',
    `env.CMAKE_MODULE_PATH.append('a')\nenv.CMAKE_MODULE_PATH.append('b')\nenv.DOXYGEN_TAGFILES.append('a')\nenv.DOXYGEN_TAGFILES.prepend('b')`,
  ),
  one(
    'formatting',
    `env.X = '{root} {this.root} {base} {version} {version.major}.{version.minor} {version.patch} {version[1]} {this.name}'`,
  ),
  one('formatting of lists', `env.X = ['a', 'b']\nenv.Y = ('a',)\nenv.Z = {'a': 1}\nenv.W = [1, 2.5, None, True]`),
  one('formatting of values', `env.X = 1\nenv.Y = 1.0\nenv.Z = True\nenv.W = None\nenv.V = 1e20\nenv.U = 0.00001`),
  one('unknown field', `env.X = 'a{nope}b $Q {root}'`),
  one(
    'braces',
    `env.X = '{{root}}'\nenv.Y = 'a } b {root}'\nenv.Z = '{root:d}'\nenv.W = '{root!r}'\nenv.V = '{version.major:03d}'`,
  ),
  one('padded field', `env.X = '{root:>80}|{version.major:<5}|{this.name:^21}|'`),
  one('references', `env.X = '$HOME/a \${HOME}/b $FOO2 $$A $1 \${B:-c}'`),
  one('references to set variables', `env.A = 'z'\nenv.X = '$A/a \${A}/b'\nenv.A = 'y'\nenv.Y = '\${X}:$A'`),
  one('reference to itself', `env.X = 'a'\nenv.X = '\${X}:b'\nenv.X = 'c:$X'`),
  one('package variables', `env.X = '$REZ_NOPE_ROOT \${REZ_USED_NOPE}'\nenv.Y = '\${REZ_#A_VERSION}'`),
  one('root variable', `env.X = '\${REZ_#A_ROOT}/lib'`),
  one(
    'literal',
    `env.X = literal('{root} $A')\nenv.Y = literal('{root}').expandable('{base}')\nenv.Z = literal('a') + '{root}'\nenv.W = expandable('{root} $Q').l('{x}').e('{version}')`,
  ),
  one(
    'expandvars',
    `env.Q = 'z'\nenv.X = expandvars('$Q{root}')\nenv.Y = expandvars('$Q{root}', format=False)\nenv.Z = format('{root}/$Q')`,
  ),
  one('local variable in a field', `x = 3\nlib = '{root}/lib'\nenv.X = '{x}'\nenv.Y = '{lib}/y'\nenv.Z = lib`),
  one('loop variable in a field', `for d in ('lib', 'bin', 'a b'):\n    env.X.append('{root}/{d}')\nenv.Y = '{d}'`),
  one(
    'local of a function is no field',
    `def f(x):\n    y = 4\n    env.X = '{y}{x}'\n    env.Y = '{root}' + str(y) + x\nf('q')`,
  ),
  one(
    'if, elif, else',
    `if version.major >= 2:\n    env.X = 'new'\nelif version.minor == 2:\n    env.X = 'two'\nelse:\n    env.X = 'old'`,
  ),
  one(
    'and, or, not',
    `a = 1 and 0 or 'x'\nb = not a\nenv.X = a\nenv.Y = b\nif not (a == 'x' and 1 < 2 <= 2) or 'q' in a:\n    env.Z = 1\nelse:\n    env.Z = 2`,
  ),
  one(
    'comparisons',
    `env.X = [1 < 2, 'a' < 'b', (1, 2) < (1, 3), [1] == [1], 1 == 1.0, 'a' != 'b', None is None, 1 in (1, 2), 'a' not in 'xyz', {'a': 1} == {'a': 1}]`,
  ),
  one('building and testing', `if building:\n    env.X = 'b'\nenv.Y = testing\nenv.Z = str(building)`),
  one(
    'system',
    `env.X = '{system.platform}-{system.arch}-{system.os}'\nif system.platform == 'linux':\n    env.Y = system.arch`,
  ),
  one('for over range', `for i in range(3):\n    env.X.append(i)\nfor i in range(5, 0, -2):\n    env.Y.append(str(i))`),
  one(
    'for over a dict',
    `d = {'A': 'x', 'B': 'y'}\nfor k, v in d.items():\n    env[k] = v\nfor k in d:\n    env.ALL.append(k)`,
  ),
  one(
    'break and continue',
    `for i in [1, 2, 3, 4]:\n    if i == 2:\n        continue\n    if i == 4:\n        break\n    env.X.append(i)\nelse:\n    env.Y = 1`,
  ),
  one('while', `n = 0\nwhile n < 3:\n    n += 1\n    env.X.append(n)`),
  one(
    'assignments',
    `a = b = 'x'\nc, d = 1, 2\n(e, f) = ('e', 'f')\nc += 5\ns = 'a'\ns += 'b'\ns *= 2\nl = [1]\nl += [2]\nenv.X = [a, b, c, d, e, f, s, l]`,
  ),
  one(
    'f-strings',
    `v = 7\nenv.X = f'{v}-{root}-{v:04d}-{v!r}-{"a" + "b"}-{{x}}'\nenv.Y = f"{this.name:>30}|{3.14159:.2f}"`,
  ),
  one(
    'percent',
    `env.X = '%s-%d-%05.1f-%x-%%-%r' % ('a', 3, 2.55, 255, 'q')\nenv.Y = '%(a)s %(b)03d' % {'a': 1, 'b': 2}\nenv.Z = '%s' % root\nenv.W = '%-6s|%6s|' % ('a', 'b')`,
  ),
  one(
    'format method',
    `env.X = 'a-{}-{}'.format(1, 'b')\nenv.Y = '{0}{1}{0}-{k:>4}'.format('x', 'y', k=3)\nenv.Z = '{0[0]}-{1[a]}'.format([5], {'a': 6})`,
  ),
  one(
    'methods of text',
    `s = ' Ab-Cd '\nenv.X = [s.strip(), s.lower(), s.upper(), s.strip().split('-'), s.replace('b', 'x'), s.strip().startswith('A'), s.strip().endswith(('x', 'd')), s.find('C'), '-'.join(['a', 'b']), 'a,b,c'.rsplit(',', 1), 'a.b'.partition('.'), 'x'.zfill(3), 'abc'.title(), 'a b  c'.split(), 'q'.isdigit(), '12'.isdigit(), s.lstrip(), s.rstrip(), 'aXbX'.count('X'), 'ab'.capitalize(), 'x'.center(5) if False else 'y']`,
  ),
  one(
    'methods of lists and dicts',
    `l = [3, 1]\nl.append(2)\nl.sort()\nl.extend([9])\nl.insert(0, 'z')\np = l.pop()\nl.remove(2)\nd = {'a': 1}\nd.update({'b': 2})\nd['c'] = 3\nd.setdefault('d', 4)\nenv.X = [l, p, d, d.get('a'), d.get('q', 'n'), sorted(d.keys()), list(d.values()), len(d)]`,
  ),
  one(
    'indexes and slices',
    `s = 'abcdef'\nl = [1, 2, 3, 4]\nenv.X = [s[0], s[-1], s[1:3], s[::-1], s[:2], s[4:], l[1:], l[::2], l[-2:], l[5:]]`,
  ),
  one(
    'built-in functions',
    `env.X = [str(1), int('3'), float('1.5'), bool(''), len('abc'), list('ab'), tuple([1]), range(2)[1], list(enumerate(['a'])), list(zip([1, 2], 'ab')), list(reversed([1, 2])), sorted([3, 1]), any([0, 1]), all([]), min(3, 1), max([1, 5]), sum([1, 2]), abs(-3), repr('a'), isinstance('a', str), list(map(str, [1, 2])), list(filter(None, [0, 1])), sorted(['bb', 'a'], key=len)]`,
  ),
  one(
    'arithmetic',
    `env.X = [7 // 2, -7 // 2, 7 % 3, -7 % 3, 2 ** 10, 7 / 2, 1 + 2 * 3, -(3), 1 << 4, 6 & 3, 6 | 3, 6 ^ 3, ~5, 'a' * 3, [0] * 2, 0x10, 0o17, 0b11, 1_000]`,
  ),
  one(
    'os.path',
    `import os\nimport os.path\nfrom os.path import join as j\nenv.X = [os.path.join('{root}', 'a', '/b', 'c'), os.path.dirname('/a/b/'), os.path.basename('/a/b'), os.path.normpath('/a//b/../c/.'), os.path.abspath('/a/../b'), os.sep, os.pathsep, j('a', 'b'), os.path.split('/a/b'), os.path.splitext('/a.b/c.tar.gz'), os.path.splitext('.x'), os.path.isabs('a'), os.path.normpath('../../a/..'), os.path.join('a/', '', 'b')]`,
  ),
  one(
    'os.path of root',
    `import os\nenv.X = os.path.join(root, 'lib')\nenv.Y = os.path.dirname(os.path.dirname(root))\nenv.PYTHONPATH.append(os.path.join('{root}', 'python'))`,
  ),
  one(
    'sys and platform',
    `import sys, platform\nenv.X = sys.platform\nif platform.system() == 'Linux':\n    env.Y = 'linux'\nelif platform.system() == 'Windows':\n    env.Y = 'win'`,
  ),
  one('conditional expression', `env.X = 'a' if version.major > 3 else 'b'\nenv.Y = ('x' if True else 'y') + 'z'`),
  one(
    'comprehensions',
    `env.X = [i * 2 for i in range(4) if i % 2]\nenv.Y = ':'.join('{root}/' + d for d in ('a', 'b'))\nenv.Z = {k: v for k, v in [('a', 1)]}\nenv.W = sorted({c for c in 'aab'})\nenv.V = [a + b for a in 'xy' for b in 'pq']`,
  ),
  one(
    'functions',
    `def add(name, *parts, **options):\n    value = '/'.join(parts) + options.get('tail', '')\n    env[name].append(value)\n    return len(parts)\nn = add('X', '{root}', 'lib')\nm = add('X', '{root}', 'bin', tail='/q')\nenv.N = n + m\nsquare = lambda x, y=2: x * y\nenv.S = square(4)`,
  ),
  one(
    'early return in a function',
    `def pick(v):\n    if v > 1:\n        return 'big'\n    return 'small'\nenv.X = pick(version.major) + pick(5)`,
  ),
  one(
    'try',
    `try:\n    env.X = 'a'\nexcept Exception:\n    env.X = 'b'\nelse:\n    env.Y = 'c'\nfinally:\n    env.Z = 'd'`,
  ),
  one(
    'version',
    `env.X = [str(version), version.major, version.minor, version.patch, version[0], version[-1], version[7], len(version), version[:2], version[1:], version.as_tuple(), version.major == 1, '.'.join(str(t) for t in version), '.'.join(map(str, version[:2]))]`,
  ),
  one(
    'version is not compared with text',
    `env.X = version == '1.2.3'\nenv.Y = str(version) == '1.2.3'\nenv.Z = version == version`,
  ),
  one(
    'this',
    `env.X = [this.name, str(this.version), this.root, this.base, this.index, this.qualified_name, this.qualified_package_name, str(this), this.tools, this._free, this.free]\nenv.Y = '{this.free} {this._free[k]} {this.tools[0]}'`,
    `tools = ['t']\n_free = {'k': 'v'}\nfree = 'FREE'\n`,
  ),
  one(
    'request and resolve',
    `env.X = [request['@a'], '@a' in request, 'maya' in request, request.get('maya', 'none'), str(resolve['@a'].version), '@a' in resolve, 'zz' in resolve, resolve['@a'].root, resolve.get('zz')]`,
  ),
  one(
    'implicits and ephemerals',
    `env.X = [implicits.get('platform'), 'arch' in implicits, ephemerals.get('foo', '1'), 'foo' in ephemerals, str(ephemerals.get_range('foo', '1+')), str(request.get_range('@a', '2'))]`,
  ),
  one(
    'intersects',
    `env.X = [intersects(resolve['@a'], '1+'), intersects(resolve['@a'], '2+'), intersects(version, '1.2'), intersects('foo-1.2', '<2'), intersects('!foo-1', '1'), intersects(ephemerals.get('x', '1'), '1'), intersects(request['@a'], '5')]`,
  ),
  one(
    'env is read',
    `env.X = 'a'\nif env.X == 'a':\n    env.Y = 1\nif env.X:\n    env.Z = env.X.get() + env.X.value() + str(env.X)\nenv.W = env.X\nenv.V = '{env.X}'\nenv.U = defined('X')\nenv.T = 'X' in env\nenv.S = not undefined('X')`,
  ),
  one('aliases and messages', `alias('a', 'b {root}')\ninfo('x')\nerror('y')\ncomment('z')\nprint('p')\nenv.X = 1`),
  one(
    'keys are formatted',
    `env['{version.major}X'] = 1\nsetenv('{this.name}_Y', 2)\nname = 'Z'\nenv[name] = 3\nenv['{name}Q'].append(4)`,
  ),
  one('empty values', `env.X = ''\nenv.X.append('a')\nenv.Y.append('')\nenv.Y.append('')\nenv.Z = ''`),
  one('values with separators', `env.X.append('a:b')\nenv.X.prepend('c:d')\nenv.X.append('{root}/x:{root}/y')`),
  one(
    'implicit concatenation and escapes',
    `env.X = 'a' "b" r'\\n' '\\t\\x41\\u00e9\\\\'\nenv.Y = '''multi\nline'''\nenv.Z = ('long '\n    'text')\nenv.W = u'u' + "it's"`,
  ),
  one(
    'tuple keys and nested data',
    `d = {('a', 1): ['x', {'k': (1,)}]}\nenv.X = d[('a', 1)][1]['k'][0]\nenv.Y = d\nenv.Z = "it's" + 'q"'\nenv.W = ["it's", 'q"', 'both\\'"', '\\n', 'é']`,
  ),
  one('deletion', `d = {'a': 1, 'b': 2}\ndel d['a']\nx = 1\ndel x\nenv.X = d\nenv.Y = '{x}'`),
  one(
    'nested functions and closures',
    `def outer(p):\n    def inner(q):\n        return p + q\n    return inner('2')\nenv.X = outer('1')`,
  ),
  one(
    'text from this',
    `env.X = this.root.replace('/', '_')\nenv.Y = '{root}'.upper()\nenv.Z = this.base.split('/')[-1]`,
  ),
  one(
    'pre and post',
    `env.X.append('main')`,
    `def post_commands():\n    env.X.append('post')\n    env.Y = '{env.X}'\ndef pre_commands():\n    env.X.append('pre')\n`,
  ),
  {
    title: 'three packages in order',
    packages: {
      a: `requires = ['@b']\ndef commands():\n    env.P.append('{root}')\n    env.Q = 'a'\n    env.R.prepend('{resolve.@b.root}')\ndef pre_commands():\n    env.S.append('pre-a')\n`,
      b: `requires = ['@c']\ndef commands():\n    env.P.append('{root}')\n    env.Q = 'b'\n    env.R.prepend('$REZ_#B_ROOT')\n    env.S.append('b')\ndef post_commands():\n    env.S.append('post-b')\n    if '@a' in resolve:\n        env.T = resolve['@a'].version\n`,
      c: `tools = ['x']\ndef commands():\n    env.P.prepend('{root}')\n    env.Q.append('c')\n    if 'Q' in env:\n        env.U = env.Q\n`,
    },
    requests: ['@a', '@c'],
  },
  {
    title: 'ephemerals',
    packages: {
      a: `requires = ['.foo.cli-1']\ndef commands():\n    if intersects(ephemerals.get('foo.cli', '2'), '1'):\n        env.X = 'one'\n    env.Y = ephemerals.get_range('foo.cli', '9')\n    env.Z = 'foo.cli' in ephemerals\n`,
    },
    requests: ['@a', '.bar-2'],
  },
  {
    title: 'conflict requests',
    packages: {
      a: `def commands():\n    env.X = request.get('zz')\n    env.Y = intersects(request.get('zz', '1'), '1')\n    env.Z = request['@a']\n`,
    },
    requests: ['@a-1+<2', '!zz-1'],
  },
  one('undefined name', `env.X = 'a'\nenv.Y = nope`),
  one('module of package.py is not seen', `env.X = os.sep`, `import os\n`),
  one('return', `env.X = 1\nreturn`),
  one('stop', `env.X = 1\nstop('no %s', 'way')`),
  one('missing attribute', `env.X = '{version.foo}'`),
  one('field without name', `env.X = 'a{}b'`),
  one('regular expressions', `import re\nenv.X = re.sub('a', 'b', 'aa')\nenv.Y = 2`),
  one(
    'caught exceptions',
    `try:\n    env.X = {}['a']\nexcept (ValueError, KeyError):\n    env.X = 'caught'\nelse:\n    env.X = 'none'\nfinally:\n    env.Y = 'end'`,
  ),
  one(
    'a raised exception that is caught',
    `def f(v):\n    if v < 5:\n        raise NotImplementedError('old')\n    return v\ntry:\n    env.X = f(version.major)\nexcept RuntimeError as e:\n    env.Y = 'e'\nexcept Exception:\n    env.Z = 'x'`,
  ),
  one('a version that is no number', `try:\n    n = int('1a')\nexcept ValueError:\n    n = -1\nenv.X = n`),
  one('a missing package in try', `try:\n    env.X = resolve.maya.root\nexcept AttributeError:\n    env.X = 'no maya'`),
  one('source and command', `source('{root}/setup.sh')\ncommand('ls')\ncommand(['ls', '-l'])\nenv.X = 'a'`),
  one('option variables', `env.X = 'a'\nif False:\n    env.Y = optionvars('a.b')`),
  one(
    'imports without effect',
    `import subprocess, re, json, logging\nfrom collections import OrderedDict\nfrom rez.utils.platform_ import platform_\nfrom rez.system import system as own\nenv.X = platform_.name + own.platform + own.arch`,
  ),
  one('the search path of Python', `import sys\nsys.path.append('{root}')\nsys.path.insert(0, 'x')\nenv.X = 1`),
  one(
    'walrus and starred',
    `if (n := len('abc')) > 2:\n    env.X = n\na, *b = [1, 2, 3]\nenv.Y = [a, b]\n*c, d = 'xyz'\nenv.Z = c + [d]`,
  ),
  one(
    'nonlocal',
    `def f():\n    n = 0\n    def g():\n        nonlocal n\n        n += 1\n    g()\n    g()\n    return n\nenv.X = f()`,
  ),
  one('global names', `lib = 'a'\ndef f():\n    global lib\n    lib = 'b'\nf()\nenv.X = '{lib}'`),
  one(
    'iterators',
    `i = iter(['a', 'b', 'c'])\nenv.X = next(i)\nfor v in i:\n    env.Y.append(v)\nenv.Z = next(i, 'none')\nenv.W = next((p for p in ('x', 'y') if p in resolve), 'nobody')`,
  ),
  one(
    'sets',
    `s = {'a', 'b'}\ns.add('c')\ns.discard('a')\nenv.X = ','.join(sorted(s))\nenv.Y = len(s)\nenv.Z = 'b' in s\nenv.W = sorted(s | {'q'}) + sorted(s - {'b'})`,
  ),
  one(
    'views',
    `d = {'B': '1', 'A': '2'}\nenv.X = ':'.join(d.keys())\nenv.Y = sorted(d.items())\nenv.Z = list(d.values())\nfor k in sorted(d):\n    env['V_' + k] = d[k]`,
  ),
  one('slices that are set', `l = ['a', 'b', 'c']\nl[1:2] = ['x', 'y']\nl[0] = 'z'\nenv.X = l`),
  one(
    'more methods of text',
    `s = '/a/b.c/d'\nenv.X = [s.find('b', 2), s.rfind('/', 0, 3), s.index('c'), s.rindex('/'), s.count('/'), 'a b c'.split(None, 1), 'ab'.center(6, '-'), 'aB'.swapcase(), 'x-1'.rpartition('-'), s.strip('/').split('/')[-1], 'a.b'.removesuffix('.b'), 'ab'.isalpha(), 'A'.isupper()]`,
  ),
  one(
    'attributes that commands set',
    `this.place = '/mnt/{this.name}'\nenv.X = '{this.place}'\nenv.Y = this.place\nenv.Z = expandvars(this.place)`,
  ),
  one(
    'attributes that are absent',
    `env.X = [this.description, this.tools, this.uuid, this.requires, this.has_plugins, this.plugin_for, this.changelog, this.revision]\nif not this.tools:\n    env.Y = 'none'`,
  ),
  one(
    'requirements of the package',
    `env.X = [str(r) for r in this.requires]\nenv.Y = ','.join(r.name for r in this.requires)\nenv.Z = str(this.requires[0].range)`,
    `requires = ['!zz-1+<2', '~yy==3']\n`,
  ),
  one('a class that is not used', `class A(object):\n    x = 1\nenv.X = 'a'`),
  one(
    'version tokens',
    `env.X = '.'.join([str(version.major), str(version.minor)])\nenv.Y = 'v%s' % version\nenv.Z = '{version[0]}_{version[1]}'\nenv.W = '%s.%s' % (version.major, version.minor)\nenv.V = f'{version.major}{version}'`,
  ),
  one(
    'as a DCC package writes it',
    `import os\nlocation = '/usr/autodesk/maya{version.major}'\nenv.MAYA_LOCATION = location\nenv.PATH.prepend('{env.MAYA_LOCATION}/bin')\nenv.LD_LIBRARY_PATH.append(os.path.join(str(env.MAYA_LOCATION), 'lib'))\nenv.MAYA_MODULE_PATH.append('{root}/modules')\nalias('maya', '{env.MAYA_LOCATION}/bin/maya -noAutoloadPlugins')\nif system.platform == 'windows':\n    env.DIR = 'C:/x'\nelif system.platform == 'linux':\n    env.DIR = '/opt'`,
  ),
  one(
    'names by loop and condition',
    `for lang, folders in (('py', ['python', 'vendor']), ('mel', ['scripts'])):\n    for i, folder in enumerate(folders):\n        if not folder:\n            continue\n        env['{}_PATH'.format(lang.upper())].append('{root}/%s' % folder)\n        env['N_%d' % i] = folder`,
  ),
  one(
    'a table of settings',
    `settings = {\n    'A': '1',\n    'B': ['{root}/x', '{root}/y'],\n    'C': {'k': 'v'},\n}\nfor key, value in settings.items():\n    if isinstance(value, list):\n        for one in value:\n            env[key].append(one)\n    elif isinstance(value, dict):\n        for k, v in value.items():\n            env[key + '_' + k.upper()] = v\n    else:\n        env[key] = value`,
  ),
  one(
    'text from a function with defaults',
    `def path(*parts, base='{root}'):\n    return '/'.join((base,) + parts)\nenv.A = path('a', 'b')\nenv.B = path('c', base='/opt')\nenv.C = path(*['x', 'y'])\nenv.D = path(**{'base': 'q'})`,
  ),
  one(
    'reset and unset of a list',
    `env.P.append('a')\nenv.P.append('b')\nenv.P.reset('c')\nenv.P.append('d')\nenv.Q.append('x')\nunsetenv('Q')\nenv.Q.prepend('y')\nenv.Q.prepend('z')`,
  ),
  one(
    'set with the old value',
    `env.P.append('a')\nenv.P = 'b:\${P}'\nenv.P = '{env.P}:c'\nenv.P.set(str(env.P) + ':d')`,
  ),
  one(
    'separators in values that are set',
    `env.CMAKE_MODULE_PATH = 'a;b'\nenv.CMAKE_MODULE_PATH.append('c')\nenv.DOXYGEN_TAGFILES = 'x y'\nenv.DOXYGEN_TAGFILES.append('z')\nenv.PATH.append('p1:p2')\nenv.PATH.prepend('p0')`,
  ),
  one(
    'getenv and defined',
    `setenv('A', 'x')\nenv.X = getenv('A') if defined('A') else 'no'\nenv.Y = 'set' if not undefined('A') else 'unset'\nenv.Z = env.A.get() + env.A.value()\nif 'A' in env.keys():\n    env.W = 1`,
  ),
  one(
    'messages with values',
    `info('root is {root}')\nerror('version %s' % version)\ncomment('{this.name}')\nprint('x', version)\nenv.X = 1`,
  ),
  one(
    'a nested condition',
    `if 'python' in resolve:\n    if resolve.python.version.major > 2:\n        env.X = 'py3'\nelif request.get('python') or building:\n    env.X = 'asked'\nelse:\n    env.X = 'py' if testing else 'none'`,
  ),
  one('assert that holds', `assert version.major == 1, 'no'\nenv.X = 1`),
  one(
    'a field with an index',
    `data = {'k': ['a', 'b']}\nenv.X = '{data[k][1]}'\nenv.Y = '{this.version.minor}/{version.patch:>3}'`,
  ),
  one(
    'escaped pieces',
    `env.X = expandable('\${A}/{root}')\nenv.Y = literal('$HOME').e('/{version}').l('{x}')\nenv.X.append(literal('{raw}'))\nenv.Z = literal('a') + literal('b')`,
  ),
  {
    title: 'a late assignment that throws a path away',
    packages: {
      a: `requires = ['@b']\ndef commands():\n    env.LD_LIBRARY_PATH = '{root}/lib'\n    env.PYTHONPATH = '{root}/python'\n`,
      b: `def commands():\n    env.LD_LIBRARY_PATH.append('{root}/lib')\n    env.PYTHONPATH.append('{root}/python')\n`,
    },
    requests: ['@a'],
  },
  {
    title: 'plugins that look at each other',
    packages: {
      a: `requires = ['@b', '@c']\ntools = ['run']\ndef pre_commands():\n    env.MODE = 'pre'\ndef commands():\n    if '@b' in resolve and intersects(resolve['@b'], '1+<2'):\n        env.PLUGINS.prepend(resolve['@b'].root + '/plugins')\n    if not intersects(request.get('@c', '0'), '1'):\n        env.C_NOT_ASKED = 1\n    env.ALL = ':'.join(sorted(t for p in ('@a', '@b') for t in (resolve[p].tools or [])))\n`,
      b: `tools = ['x', 'y']\ndef commands():\n    env.PLUGINS.append('{root}')\n    env.MODE = '{env.MODE}+b'\n`,
      c: `def post_commands():\n    env.PLUGINS.append('{root}/post')\n    env.MODE = str(env.MODE) + '+post'\n`,
    },
    requests: ['@a'],
  },
]
