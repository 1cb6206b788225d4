/** The inputs that mutation starts from: a fixed list, made by our own writers. */
import { buildElf } from '../../test/support/elf/build.ts'
import { loaderHeader } from '../../test/support/system/loader-image.ts'
import { namedHwcap, writeCache } from '../../test/support/system/cache-writer.ts'

const SYMBOLS = ['alpha', 'beta', 'gamma', 'delta'].map((name) => ({ name }))

/** ELF files of both classes and byte orders, with every table the reader knows. */
export const ELF_SEEDS: readonly Uint8Array[] = [
  buildElf({ soname: 'libone.so.1', needs: ['libtwo.so.2', 'libc.so.6'], runpath: '$ORIGIN/../lib', symbols: SYMBOLS }),
  buildElf({
    soname: 'libtwo.so.2',
    versionDefinitions: ['TWO_1', { name: 'TWO_2', parents: ['TWO_1'] }],
    versionNeeds: [
      { file: 'libc.so.6', versions: ['GLIBC_2.2.5', { name: 'GLIBC_2.34', weak: true }] },
      { file: 'libm.so.6', versions: ['GLIBC_2.29'] },
    ],
    needs: [
      'libc.so.6',
      'libm.so.6',
      { kind: 'filter', name: 'libreal.so' },
      { kind: 'auxiliary', name: 'libfast.so' },
    ],
    symbols: [
      ...SYMBOLS.map((symbol) => ({ ...symbol, version: 'TWO_1' })),
      { name: 'memcpy', defined: false, version: 'GLIBC_2.34', file: 'libc.so.6' },
    ],
  }),
  buildElf({
    interpreter: '/lib64/ld-linux-x86-64.so.2',
    flags1: 0x08000001,
    needs: ['libone.so.1'],
    rpath: '/a:/b',
    executableStack: false,
    abiTag: { kernel: [3, 2, 0] },
    buildId: '00112233445566778899aabbccddeeff00112233',
    properties: { 0xc0000002: 3, 0xc0008002: 3, 0xc0010002: 7 },
    dlopen: [{ feature: 'f', description: 'd', priority: 'required', soname: ['libx.so.1'] }],
  }),
  buildElf({ class: 32, soname: 'libnarrow.so', needs: ['libc.so.6'], symbols: SYMBOLS, hash: ['sysv'] }),
  buildElf({ order: 'big', machine: 22, soname: 'libbig.so', needs: ['libc.so.6'], symbols: SYMBOLS, hash: ['gnu'] }),
  buildElf({ class: 32, order: 'big', machine: 8, needs: ['libc.so'], versionDefinitions: ['B_1'] }),
  buildElf({ debug: 'unrelated', needs: ['libc.so.6'] }),
  buildElf({ extendedPhnum: true, needs: ['libc.so.6'] }),
]

const ENTRIES = ['libz.so.1', 'libm.so.6', 'libfoo.so.10', 'libfoo.so.9', 'libc.so.6'].map((soname) => ({
  soname,
  path: `/lib/x86_64-linux-gnu/${soname}`,
  flags: 0x0303,
}))

/** `ld.so.cache` in all layouts. */
export const CACHE_SEEDS: readonly Uint8Array[] = [
  writeCache({ entries: ENTRIES }),
  writeCache({ entries: ENTRIES, layout: 'compat' }),
  writeCache({ entries: ENTRIES, layout: 'old' }),
  writeCache({
    hwcaps: ['x86-64-v2', 'x86-64-v3'],
    entries: [
      {
        soname: 'libfoo.so.1',
        path: '/lib/glibc-hwcaps/x86-64-v3/libfoo.so.1',
        flags: 0x0303,
        hwcap: namedHwcap(1, 3),
      },
      { soname: 'libfoo.so.1', path: '/lib/libfoo.so.1', flags: 0x0303 },
    ],
  }),
]

/** Sonames that a mutated cache is asked for. */
export const CACHE_NAMES: readonly string[] = [...ENTRIES.map((entry) => entry.soname), 'libabsent.so', 'libfoo.so.1']

/** The loader that reads the caches. */
export const CACHE_HEADER: ReturnType<typeof loaderHeader> = loaderHeader({})

const texts = (...list: readonly string[]): readonly Uint8Array[] => list.map((text) => Buffer.from(text))

export const CONFIGURATION_SEEDS: readonly Uint8Array[] = texts(
  '# local\n/opt/vendor/lib\ninclude /etc/ld.so.conf.d/*.conf\nhwcap 1 nosegneg\n/usr/lib/old=libc6\n',
  'include ld.so.conf\n/a , /b:/c\t/d # end\n',
)

export const PACKAGE_SEEDS: readonly Uint8Array[] = texts(
  `# -*- coding: utf-8 -*-

name = 'openimageio'

version = '2.4.7'

description = \\
    '''
    Reads and writes "images".
    '''

requires = [
    'openexr-3.1',
    "imath-3.1+<3.2",
    'boost-1.74' '.0',
]

variants = [['platform-linux', 'arch-x86_64', 'python-3.11'], ['python-3.10']]

tools = ['oiiotool', 'iinfo']

hashed_variants = False

timestamp = 1690000000

with scope('config') as config:
    config.release_packages_path = '/sw/packages'

@late()
def requires():
    return ['a'] if in_context() else []

def commands():
    import os
    env.PATH.append('{root}/bin')
    env.LD_LIBRARY_PATH.append(os.path.join("{root}", 'lib'))
    for name in ('a', 'b'):
        env['OIIO_' + name.upper()] = '{this.root}/%s' % name
    if "maya" in resolve and resolve.maya.version >= '2024':
        env.MAYA_PLUG_IN_PATH.prepend(f"{root}/maya/{version.major}")
    elif system.platform == 'linux':
        alias('oiio', '{root}/bin/oiiotool -v')
`,
  `name = "unversioned"
def pre_commands(): pass
def commands():
    x = [i for i in range(3)]
    env.X = ":".join(str(i) for i in x)
    stop("no {}", 1)
`,
)

export const YAML_SEEDS: readonly Uint8Array[] = texts(
  `name: tiff
version: '4.5'
requires: [zlib-1.2, "jpeg-9+"]
variants:
- [platform-linux]
tools:
- tiffinfo
commands: |
    env.PATH.append('{root}/bin')
    env.LD_LIBRARY_PATH.append('{root}/lib')
`,
)

export const CONTEXT_SEEDS: readonly Uint8Array[] = texts(
  JSON.stringify(
    {
      serialize_version: '4.9',
      status: 'solved',
      package_requests: ['openimageio-2.4', '~tiff-4'],
      implicit_packages: ['~platform==linux', '~arch==x86_64'],
      package_paths: ['/sw/packages'],
      timestamp: 1690000000,
      rez_version: '3.4.0',
      platform: 'linux',
      arch: 'x86_64',
      os: 'rocky-9.1',
      building: false,
      resolved_ephemerals: ['.debug-1'],
      resolved_packages: [
        {
          key: 'filesystem.variant',
          variables: {
            repository_type: 'filesystem',
            location: '/sw/packages',
            name: 'tiff',
            version: '4.5',
            index: null,
          },
        },
        {
          key: 'filesystem.variant',
          variables: {
            repository_type: 'filesystem',
            location: '/sw/packages',
            name: 'openimageio',
            version: '2.4.7',
            index: 1,
          },
        },
        {
          key: 'filesystem.variant.combined',
          variables: {
            repository_type: 'filesystem',
            location: '/sw/packages',
            name: 'site',
            version: '1',
            ext: 'py',
            index: 0,
          },
        },
      ],
    },
    null,
    1,
  ),
)
