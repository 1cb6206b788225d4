/** Expressions with the text that Python gives of their values; a test with Python itself checks the table. */
export const EXPRESSIONS: readonly (readonly [code: string, repr: string])[] = [
  [
    `not 1 and 0, not 0 or 1, 0 and not 0 or 1, not (0 and 1) and 2, not not 0 or 3, not 0 == 1 and 4, 1 or not 1 and 1`,
    `(False, True, 1, 2, 3, 4, 1)`,
  ],
  [`[x for x in (0, 1) if not x and 1], (lambda a, b: not a and b)(0, 5), 1 if not 0 and 0 else 2`, `([0], 5, 2)`],
  [`1 + 2 * 3 - 4`, `3`],
  [
    `'abcabc'.find('c', 3), 'abcabc'.find('a', -3), 'abc'.rfind('a', 1), 'é😀x'.find('x'), 'abcabc'.index('b', 2)`,
    `(5, 3, -1, 2, 4)`,
  ],
  [
    `'abc'.find('c', 0, 2), 'abcabc'.rindex('b'), 'aXb'.swapcase(), 'ABC'.casefold(), ' '.isspace(), 'a1'.isidentifier()`,
    `(-1, 4, 'AxB', 'abc', True, True)`,
  ],
  [`'ab'.center(5), 'ab'.center(5, '-'), 'abc'.center(6, '*'), 'a'.center(0)`, `('  ab ', '--ab-', '*abc**', 'a')`],
  [`' a  b c '.split(None, 1), 'a b'.split(None, 5), ' a b'.split(None, 0)`, `(['a', 'b c '], ['a', 'b'], ['a b'])`],
  [
    `sorted({1, 2} ^ {2, 3}), sorted({1}.union([2], (3,))), {1, 2}.intersection([2]), {1, 2}.difference([2]), {1}.issubset({1, 2}), {1, 2}.issuperset([1]), {1}.isdisjoint([2])`,
    `([1, 3], [1, 2, 3], {2}, {1}, True, True, True)`,
  ],
  [
    `list({'a': 1}.keys()), list({'a': 1}.items()), 'a' in {'a': 1}.keys(), len({'a': 1}.values()), sorted({'b': 1, 'a': 2}.items())`,
    `(['a'], [('a', 1)], True, 1, [('a', 2), ('b', 1)])`,
  ],
  [
    `type([]) == list, type('a') is str, type(1) in (float, int), type(True) is int, type({}) != dict, type(1.5) == 1`,
    `(True, True, True, False, False, False)`,
  ],
  [
    `os.path.relpath('/a/b/c', '/a/d'), os.path.relpath('/a', '/a/'), os.path.relpath('/', '/x/y'), os.path.normcase('/A/b'), os.path.expanduser('a~/b')`,
    `('../b/c', '.', '../..', '/A/b', 'a~/b')`,
  ],
  [`range(5)[2], range(5)[-1], len(range(4)), list(range(3)), 2 in range(3)`, `(2, 4, 4, [0, 1, 2], True)`],
  [
    `next(iter('ab')), next(iter([]), None), next((x for x in [1, 2] if x > 1), 0), list(reversed('ab'))`,
    `('a', None, 2, ['b', 'a'])`,
  ],
  [`ord('a'), chr(98), callable(len), round(3), frozenset([1]) == {1}`, `(97, 'b', True, 3, True)`],
  [`os.curdir, os.pardir, os.extsep, os.altsep, os.devnull`, `('.', '..', '.', None, '/dev/null')`],
  [`7 // 2, -7 // 2, 7 % 3, -7 % 3, 7 % -3, 2 ** 10, 7 / 2`, `(3, -4, 1, 2, -2, 1024, 3.5)`],
  [`7.5 // 2, 1.5 + 1, 2 - 0.5, 1.5 * 2`, `(3.0, 2.5, 1.5, 3.0)`],
  [`1 << 4, 256 >> 4, 6 & 3, 6 | 3, 6 ^ 3, ~5, -3, +3, -1.5, not 0`, `(16, 16, 2, 7, 5, -6, -3, 3, -1.5, True)`],
  [`True + 1, -True`, `(2, -1)`],
  [
    `0x1F, 0o17, 0b11, 1_000, 0, 00, 1.0, .5, 1e3, 1E-7, 1e16, 1e22, 123456789.125`,
    `(31, 15, 3, 1000, 0, 0, 1.0, 0.5, 1000.0, 1e-07, 1e+16, 1e+22, 123456789.125)`,
  ],
  [`'a' + "b" + '''c''' + """d"""`, `'abcd'`],
  [`'a' 'b' "c"`, `'abc'`],
  [`r'\\n' + '\\n' + '\\x41\\u00e9\\U0001F600\\101\\\\\\'\\q'`, `"\\\\n\\nAé😀A\\\\'\\\\q"`],
  [`'line \\\nends'`, `'line ends'`],
  [`u'a', b'a\\x00\\xff', rb'\\n'`, `('a', b'a\\x00\\xff', b'\\\\n')`],
  [`"it's", 'q"', 'both\\'"', '\\t\\r\\x01\\x7f'`, `("it's", 'q"', 'both\\'"', '\\t\\r\\x01\\x7f')`],
  [`'ab' * 2, [1] * 2, (1,) * 2, 2 * 'x', 'a' * -1`, `('abab', [1, 1], (1, 1), 'xx', '')`],
  [
    `[], (), {}, (1,), [1, 'a'], {'a': [1, (2,)]}, {1}, None, True, False`,
    `([], (), {}, (1,), [1, 'a'], {'a': [1, (2,)]}, {1}, None, True, False)`,
  ],
  [`[*[1, 2], 3], (*'ab',), {**{'a': 1}, 'b': 2, 'a': 3}`, `([1, 2, 3], ('a', 'b'), {'a': 3, 'b': 2})`],
  [`{1: 'a', 1.0: 'b', True: 'c'}`, `{1: 'c'}`],
  [
    `1 < 2 < 3, 1 < 2 > 3, 'a' < 'b', (1, 2) < (1, 3), [1] < [1, 0], 1 == 1.0, '1' == 1, [1] == (1,), (1, 2) >= (1, 2)`,
    `(True, False, True, True, True, True, False, False, True)`,
  ],
  [
    `'a' in 'abc', 1 in [1], 'k' in {'k': 1}, 2 not in (1,), 1 in {1}, None is None, 1 is not None`,
    `(True, True, True, True, True, True, True)`,
  ],
  [`{'a': 1} == {'a': 1.0}, {1, 2} == {2, 1}, [1] != [2], {'a': 1} == {'b': 1}`, `(True, True, True, False)`],
  [`0 or 'x', 'a' and 'b', '' or 0 or None, 1 and 0 and 2`, `('x', 'b', None, 0)`],
  [`'a' if 0 else 'b' if 1 else 'c'`, `'b'`],
  [
    `'abcdef'[0], 'abcdef'[-1], 'abcdef'[1:3], 'abcdef'[::-1], 'abcdef'[::2], 'abcdef'[-2:], 'abcdef'[:-4], 'abc'[5:], 'abc'[2:0:-1]`,
    `('a', 'f', 'bc', 'fedcba', 'ace', 'ef', 'ab', '', 'cb')`,
  ],
  [`[1, 2, 3][1:], (1, 2, 3)[-1], {'a': {'b': 1}}['a']['b'], 'é😀x'[1]`, `([2, 3], 3, 1, '😀')`],
  [`[x * 2 for x in range(5) if x % 2 if x > 1]`, `[6]`],
  [
    `[a + b for a in 'xy' for b in ('1', '2')], {k: v for k, v in [('a', 1)]}, sorted({c for c in 'aba'})`,
    `(['x1', 'x2', 'y1', 'y2'], {'a': 1}, ['a', 'b'])`,
  ],
  [`','.join(str(i) for i in range(3))`, `'0,1,2'`],
  [
    `(lambda a, b=2, *c, **d: [a, b, c, d])(1), (lambda a, *c, k=3: [a, c, k])(1, 2, 3, k=4)`,
    `([1, 2, (), {}], [1, (2, 3), 4])`,
  ],
  [`f'{1 + 1}-{"a"!r}-{3:04d}-{2.5:.2f}-{"x":>3}|{"x":<3}|{"x":^3}|{{}}'`, `"2-'a'-0003-2.50-  x|x  | x |{}"`],
  [
    `f"{'a':{'>'}{5}}|" f'{-5:+d} {5:+d} {255:x} {255:X} {5:b} {8:o} {True:d} {1.5:f}'`,
    `'    a|-5 +5 ff FF 101 10 1 1.500000'`,
  ],
  [`'%s %d %05.1f %x %% %r' % ('a', 3, 2.55, 255, 'q')`, `"a 3 002.5 ff % 'q'"`],
  [
    `'%(a)s-%(b)03d' % {'a': 1, 'b': 2}, '%s' % 'x', '%-4s|%4s|%.2s' % ('a', 'b', 'cdef'), '%+d %i' % (1, 2.9)`,
    `('1-002', 'x', 'a   |   b|cd', '+1 2')`,
  ],
  [`'%s' % [1], '%s %s' % ('a', (1,)), '%s' % {'a': 1}`, `('[1]', 'a (1,)', "{'a': 1}")`],
  [
    `'{}-{}'.format(1, 'b'), '{1}{0}{1}'.format('x', 'y'), '{k:>4}{j!r}'.format(k=3, j='q'), '{0[1]}{1[a]}'.format([5, 6], {'a': 7})`,
    `('1-b', 'yxy', "   3'q'", '67')`,
  ],
  [`'{:{}}|{:>{w}}'.format('a', 3, 'b', w=2), '{{}}'.format()`, `('a  | b', '{}')`],
  [
    `' a b '.split(), 'a,b,,c'.split(','), 'a,b,c'.split(',', 1), 'a,b,c'.rsplit(',', 1), 'a b'.split(None), 'a\\nb\\n'.splitlines()`,
    `(['a', 'b'], ['a', 'b', '', 'c'], ['a', 'b,c'], ['a,b', 'c'], ['a', 'b'], ['a', 'b'])`,
  ],
  [
    `'a.b.c'.partition('.'), 'a.b.c'.rpartition('.'), 'abc'.partition('x'), 'abc'.rpartition('x')`,
    `(('a', '.', 'b.c'), ('a.b', '.', 'c'), ('abc', '', ''), ('', '', 'abc'))`,
  ],
  [
    `'aXbX'.replace('X', '-'), 'aXbX'.replace('X', '-', 1), 'Ab'.lower(), 'Ab'.upper(), 'ab cd'.title(), 'aB'.capitalize()`,
    `('a-b-', 'a-bX', 'ab', 'AB', 'Ab Cd', 'Ab')`,
  ],
  [
    `'abc'.startswith('ab'), 'abc'.endswith(('x', 'bc')), ' a '.strip(), 'xxaxx'.strip('x'), ' a '.lstrip(), ' a '.rstrip(), 'a/'.rstrip('/')`,
    `(True, True, 'a', 'a', 'a ', ' a', 'a')`,
  ],
  [
    `'abcb'.find('b'), 'abcb'.rfind('b'), 'abc'.find('x'), 'abc'.index('c'), 'abab'.count('a'), 'ab'.count('')`,
    `(1, 3, -1, 2, 2, 3)`,
  ],
  [
    `'12'.isdigit(), ''.isdigit(), 'a1'.isalnum(), 'ab'.isalpha(), 'AB'.isupper(), 'ab'.islower(), '1'.islower()`,
    `(True, False, True, True, True, True, False)`,
  ],
  [
    `'7'.zfill(3), 'a'.ljust(3), 'a'.rjust(3, '.'), 'prefix-x'.removeprefix('prefix-'), 'x.so'.removesuffix('.so')`,
    `('007', 'a  ', '..a', 'x', 'x')`,
  ],
  [
    `str(1), str(1.0), str('a'), str(None), str([1, 'a']), repr('a'), int('12'), int(' -3 '), int(2.9), float('1.5'), bool([]), bool('a')`,
    `('1', '1.0', 'a', 'None', "[1, 'a']", "'a'", 12, -3, 2, 1.5, False, True)`,
  ],
  [
    `len('abc'), len([1]), len({}), list('ab'), tuple([1]), list(range(1, 6, 2)), list(range(3, 0, -1)), dict([('a', 1)], b=2), dict({'a': 1})`,
    `(3, 1, 0, ['a', 'b'], (1,), [1, 3, 5], [3, 2, 1], {'a': 1, 'b': 2}, {'a': 1})`,
  ],
  [
    `list(enumerate('ab')), list(enumerate('a', 5)), list(zip([1, 2], 'abc')), list(reversed([1, 2])), list(map(str, [1])), list(filter(None, [0, 1])), list(filter(lambda x: x > 1, [1, 2]))`,
    `([(0, 'a'), (1, 'b')], [(5, 'a')], [(1, 'a'), (2, 'b')], [2, 1], ['1'], [1], [2])`,
  ],
  [
    `sorted([3, 1, 2]), sorted('ba'), sorted([1, 2], reverse=True), sorted(['bb', 'a'], key=len), sorted([(2, 'a'), (1, 'b')])`,
    `([1, 2, 3], ['a', 'b'], [2, 1], ['a', 'bb'], [(1, 'b'), (2, 'a')])`,
  ],
  [
    `any([0, 1]), all([]), all([1, 0]), min(3, 1), max([1, 5]), min('b', 'a'), sum([1, 2.5]), sum([], 1), abs(-3), abs(2.5)`,
    `(True, True, False, 1, 5, 'a', 3.5, 1, 3, 2.5)`,
  ],
  [
    `isinstance('a', str), isinstance(1, (str, int)), isinstance(True, int), isinstance([], dict), hasattr('a', 'lower'), getattr('A', 'lower')()`,
    `(True, True, True, False, True, 'a')`,
  ],
  [
    `{'a': 1}.get('a'), {'a': 1}.get('b'), {}.get('b', 2), list({'a': 1}.items()), list({'a': 1}.keys()), list({'a': 1}.values()), list({'a': 1})`,
    `(1, None, 2, [('a', 1)], ['a'], [1], ['a'])`,
  ],
  [
    `(1, 2, 1).count(1), (1, 2).index(2), [1, 2].index(2), sorted({1} | {2}), sorted({1, 2} & {2}), sorted({1, 2} - {2}), sorted({1}.union([3]))`,
    `(2, 1, 1, [1, 2], [2], [1], [1, 3])`,
  ],
  [`[1] + [2], (1,) + (2,), [1, [2]][1][0], [[]] == [[]]`, `([1, 2], (1, 2), 2, True)`],
  [
    `os.path.join('a', 'b'), os.path.join('a/', '/b'), os.path.join('a', ''), os.path.join('', 'b'), os.path.dirname('/a/b/'), os.path.dirname('/a'), os.path.dirname('a'), os.path.basename('/a/b')`,
    `('a/b', '/b', 'a/', 'b', '/a/b', '/', '', 'b')`,
  ],
  [
    `os.path.normpath('/a//b/../c/.'), os.path.normpath('../a/..'), os.path.normpath(''), os.path.normpath('//a'), os.path.normpath('///a/../..'), os.path.abspath('/a/../b')`,
    `('/a/c', '..', '.', '//a', '/', '/b')`,
  ],
  [
    `os.path.split('/a/b'), os.path.split('b'), os.path.splitext('/a.b/c.tar.gz'), os.path.splitext('.x'), os.path.splitext('a.b/c'), os.path.isabs('a'), os.sep, os.pathsep`,
    `(('/a', 'b'), ('', 'b'), ('/a.b/c.tar', '.gz'), ('.x', ''), ('a.b/c', ''), False, '/', ':')`,
  ],
  [`sys.platform, platform.system(), os.name, os.linesep`, `('linux', 'Linux', 'posix', '\\n')`],
  [
    `'%.0f %.0f %.1f %.2f %.3f %f %.1f %.20f %.0f %f' % (2.5, 3.5, 0.25, 1.005, 1e-3, 1e20, -0.05, 0.1, 0.0, -1e-300)`,
    `'2 4 0.2 1.00 0.001 100000000000000000000.000000 -0.1 0.10000000000000000555 0 -0.000000'`,
  ],
  [`{None: 1, 1.5: 2, (1, 'a'): 3, b'x': 4, False: 5}`, `{None: 1, 1.5: 2, (1, 'a'): 3, b'x': 4, False: 5}`],
  [
    `[bool(x) for x in (None, 0, 0.0, '', b'', (), [], {}, set(), 1, 0.5, 'a', (1,), [1], {1: 1}, {1}, str)]`,
    `[False, False, False, False, False, False, False, False, False, True, True, True, True, True, True, True, True]`,
  ],
  [
    `[None == None, None == 1, 'a' == None, {} == [], set() == (), [1, 2] == [1], {1: 1} == {1: 1, 2: 2}, b'a' == b'a', b'a' == 'a', 1.5 == 1.5]`,
    `[True, False, False, False, False, False, False, True, False, True]`,
  ],
  [
    `[(1, 2) > (1,), [2] > [1, 5], 'b' > 'ab', 'é' > 'z', 1.5 < 2, True < 2, 2 >= 2.0, (1,) <= (1,)]`,
    `[True, True, True, True, True, True, True, True]`,
  ],
  [
    `int(), float(), str(), bool(), list(), tuple(), dict(), len(set()), int(True), float(2), int('+5'), abs(False)`,
    `(0, 0.0, '', False, [], (), {}, 0, 1, 2.0, 5, 0)`,
  ],
  [
    `list(zip()), max(1, 2.5, 0), min('ab', 'a'), getattr('a', 'nope', 5) if False else 5, float('-1.5e3'), set(), len(b'ab')`,
    `([], 2.5, 'a', 5, -1500.0, set(), 2)`,
  ],
  [
    `-0.0, 1e-5, 0.0001, 1.5e300, 100.0, 1e15, 123456.0`,
    `(-0.0, 1e-05, 0.0001, 1.5e+300, 100.0, 1000000000000000.0, 123456.0)`,
  ],
  [`'%f %X %o' % (1.5, 255, 8)`, `'1.500000 FF 10'`],
  [`'%05d|%+5d|% s|%5.1f|%-5d|' % (-3, 3, 'a', 2.25, 7)`, `'-0003|   +3|a|  2.2|7    |'`],
  [
    `'{:>5}|{:^5}|{:*<5}|{:05d}|{:+}|{: d}|{:.1f}|{:.2}|{:f}'.format('a', 'b', 'c', -42, 3, 4, 2.25, 'xyz', 12.5)`,
    `'    a|  b  |c****|-0042|+3| 4|2.2|xy|12.500000'`,
  ],
  [
    `'{0!s:>3}{0!r}{0!a}'.format('a'), '{:5}|{:<5}|{:d}'.format(True, 2, True), '{:n}'.format(5)`,
    `("  a'a''a'", '    1|2    |1', '5')`,
  ],
  [`'{a.b}'.format(a='x') if False else '{a[k][0]}'.format(a={'k': ['v']})`, `'v'`],
  [
    `'a-b-c'.replace('-', '+', 0), 'aaa'.replace('a', 'b', 2), 'x'.join([]), 'abc'.strip(''), 'a\tb'.split('\t'), 'a  b'.split(' ')`,
    `('a-b-c', 'bba', '', 'abc', ['a', 'b'], ['a', '', 'b'])`,
  ],
  [
    `'aXb'.split(sep='X'), 'a,b,c'.split(',', maxsplit=1), ' a'.rstrip(None), 'abc'.removeprefix('x'), 'abc'.removesuffix('')`,
    `(['a', 'b'], ['a', 'b,c'], ' a', 'abc', 'abc')`,
  ],
  [
    `[1, 2, 3, 4][3:0:-2], [1, 2][10:], [1, 2][-10:1], (1, 2, 3)[None:None], 'abc'[:-1]`,
    `([4, 2], [], [1], (1, 2, 3), 'ab')`,
  ],
  [`[1, 2].count(1), [[1], [2]].index([2]), {'a': 1}.pop('a'), {'a': [1]}.get('a')[0]`, `(1, 1, 1, 1)`],
  [
    `[x for x in {'b': 1, 'a': 2}], [c for c in 'é😀'], [k + str(v) for k, v in {'a': 1}.items()]`,
    `(['b', 'a'], ['é', '😀'], ['a1'])`,
  ],
  [`'a' 'b' f'{1}' f"{'c'}" 'd'`, `'ab1cd'`],
  [`f'{1:{2}}|{"a":{"*"}^{5}}|\\n{{{3}}}', rf'\\d{1}'`, `(' 1|**a**|\\n{3}', '\\\\d1')`],
]
