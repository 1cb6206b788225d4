/** Declared bases: base.yaml, what it covers, the sources of a system, and a first file for a tree. */
import { truncateSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Fault } from '../../src/domain/fault.ts'
import { faultText } from '../../src/domain/fault.ts'
import type { BaseDeclaration, System } from '../../src/domain/system.ts'
import { ELFCLASS64, EM_X86_64 } from '../../src/domain/object.ts'
import type { BaseFile } from '../../src/system/base.ts'
import { parseBaseFile, readBaseFile } from '../../src/system/base.ts'
import { initBase } from '../../src/system/base-init.ts'
import { coveredByBase } from '../../src/system/covered.ts'
import { cpuOfLevel, nativeCpu } from '../../src/system/cpu.ts'
import { openSystem } from '../../src/system/open.ts'
import { openSource } from '../../src/system/source.ts'
import type { Content } from '../support/system/folder.ts'
import { makeFolder, makeTree } from '../support/system/folder.ts'
import { writeLoader } from '../support/system/loader-image.ts'

const HEAD = 'schema: airtight/base/v1\nname: el9\n'
const parse = (text: string): BaseFile | readonly Fault[] => parseBaseFile(text, '/studio/base.yaml')
const faults = (text: string): readonly string[] => {
  const result = parse(text)
  return 'declaration' in result ? [] : result.map(faultText)
}
const isSystem = (value: System | Fault): value is System => 'tree' in value

describe('base.yaml', () => {
  it('is read in full', () => {
    const text = `${HEAD}image: rocky:9\nroot: roots/el9\ncapture: /captures/el9.tar
os: {family: rocky, version: "9", arch: x86_64}
provides: {os_packages: [zlib, libX11], sonames: ["libX*.so.?"]}
drivers: [libcuda.so.1]
cpu: x86-64-v2
x-owner: {team: pipeline}
`
    expect(parse(text)).toEqual({
      declaration: {
        name: 'el9',
        image: 'rocky:9',
        os: { family: 'rocky', version: '9', arch: 'x86_64' },
        osPackages: ['zlib', 'libX11'],
        sonames: ['libX*.so.?'],
        drivers: ['libcuda.so.1'],
        cpu: 2,
      },
      root: '/studio/roots/el9',
      capture: '/captures/el9.tar',
    })
  })

  it('needs no more than a name', () => {
    expect(parse(HEAD)).toEqual({
      declaration: { name: 'el9', image: null, os: null, osPackages: [], sonames: [], drivers: [], cpu: 1 },
      root: null,
      capture: null,
    })
    expect(parse(`${HEAD}provides:\ndrivers:\nos:\ncpu:\nroot:\n`)).toEqual(parse(HEAD))
  })

  it.each([
    [`${HEAD}imgae: x\n`, "/studio/base.yaml: line 3: unknown key 'imgae'; did you mean 'image'?"],
    [
      `${HEAD}provides:\n  packages: [a]\n`,
      "/studio/base.yaml: line 4: unknown key 'packages'; did you mean 'os_packages'?",
    ],
    [
      `${HEAD}os:\n  family: a\n  version: "1"\n  arch: b\n  flavour: c\n`,
      "/studio/base.yaml: line 7: unknown key 'flavour'; known keys: family, version, arch",
    ],
    [
      `${HEAD}provides:\n  sonames: libz.so.1\n`,
      '/studio/base.yaml: line 4: provides.sonames: Invalid input: expected array, received string',
    ],
    [
      `${HEAD}os:\n  family: a\n  version: 9\n  arch: b\n`,
      '/studio/base.yaml: line 5: os.version: Invalid input: expected string, received number',
    ],
    ['name: x\n', '/studio/base.yaml: line 1: schema: Invalid input: expected "airtight/base/v1"'],
    ['- a\n', '/studio/base.yaml: line 1: expected a mapping that begins with schema: airtight/base/v1'],
    ['', '/studio/base.yaml: line 1: expected a mapping that begins with schema: airtight/base/v1'],
  ])('%j', (text, message) => {
    expect(faults(text)).toContain(message)
  })

  it('names the line of broken YAML', () => {
    expect(faults(`${HEAD}os: {family: a\n`)[0]).toMatch(/^\/studio\/base\.yaml: line \d+: /)
    expect(faults(`${HEAD}name: again\n`)[0]).toMatch(/line 3: Map keys must be unique/)
    expect(faults('a: &a [x]\nb: *c\n').length).toBeGreaterThan(0)
    expect(faults(`${HEAD}drivers: [[a], 1]\n`).length).toBe(2)
    expect(faults(`${HEAD}x-note: *gone\n`).length).toBeGreaterThan(0)
    expect(faults(`? {a: b}\n: c\n${HEAD}`).length).toBeGreaterThan(0)
  })

  it('does not expand aliases without end', () => {
    const lines = ['a0: &a0 [x, x]', ...Array.from({ length: 20 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`)]
    expect(faults(lines.join('\n')).length).toBeGreaterThan(0)
  })

  it('names the line of the deepest key that stands in the file', () => {
    const text = (drivers: string): string => `# of the studio\n${HEAD}drivers: ${drivers}\n`
    expect(faults(text('[libcuda.so.1, 5]'))).toEqual([
      '/studio/base.yaml: line 4: drivers.1: Invalid input: expected string, received number',
    ])
    expect(faults(text('[""]'))[0]).toMatch(/^\/studio\/base\.yaml: line 4: drivers\.0: /)
    expect(faults('# c\nname: x\nos: {family: a}\n')).toEqual([
      '/studio/base.yaml: line 2: schema: Invalid input: expected "airtight/base/v1"',
      '/studio/base.yaml: line 3: os.version: Invalid input: expected string, received undefined',
      '/studio/base.yaml: line 3: os.arch: Invalid input: expected string, received undefined',
    ])
  })

  it('does not read a file of absurd size', () => {
    const file = join(makeFolder({ 'base.yaml': HEAD }), 'base.yaml')
    truncateSync(file, 4 * 1024 * 1024 + 1)
    expect(readBaseFile(file)).toMatchObject([{ kind: 'unsupported', message: 'larger than 4194304 bytes' }])
  })

  it('says what it cannot read', () => {
    expect(readBaseFile('/nonexistent/base.yaml')).toMatchObject([{ message: 'does not exist' }])
    const folder = makeFolder({ 'base.yaml': HEAD })
    expect(readBaseFile(join(folder, 'base.yaml'))).toHaveProperty('declaration.name', 'el9')
  })

  it('gives a declaration or faults for any text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => HEAD + text),
        ),
        (text) => {
          const result = parse(text)
          expect('declaration' in result || result.length > 0).toBe(true)
        },
      ),
    )
  })
})

describe('what a base covers', () => {
  const declaration: BaseDeclaration = {
    name: 'b',
    image: null,
    os: null,
    osPackages: ['zlib1g', 'not-installed'],
    sonames: ['libX*.so.6', 'lib+.so.?'],
    drivers: [],
    cpu: 1,
  }
  const files = {
    lib: { link: 'usr/lib' },
    'usr/lib/libz.so.1': { link: 'libz.so.1.2.13' },
    'usr/lib/libz.so.1.2.13': '',
    'usr/lib/libpng.so': '',
    'var/lib/dpkg/status': 'Package: zlib1g\nVersion: 1\n\nPackage: libpng\nVersion: 1\n',
    'var/lib/dpkg/info/zlib1g.list': '/.\n/lib/libz.so.1\n/lib/libz.so.1.2.13\n/usr/share/doc/zlib1g\n',
    'var/lib/dpkg/info/libpng.list': '/.\n/usr/lib/libpng.so\n',
  } as const
  const declared = openSystem(makeTree(files), { cpu: cpuOfLevel(1), declaration })

  it('is exactly the files of its packages, links followed', () => {
    expect(coveredByBase(declared, '/usr/lib/libz.so.1.2.13', 'libz.so.1')).toBe(true)
    expect(coveredByBase(declared, '/usr/lib/libpng.so', 'libpng.so')).toBe(false)
  })

  it('is what its patterns match, whole names only', () => {
    expect(coveredByBase(declared, '/x', 'libX11.so.6')).toBe(true)
    expect(coveredByBase(declared, '/x', 'libX11.so.61')).toBe(false)
    expect(coveredByBase(declared, '/x', 'mylibX11.so.6')).toBe(false)
    expect(coveredByBase(declared, '/x', 'lib+.so.1')).toBe(true)
    expect(coveredByBase(declared, '/x', 'libbb.so.1')).toBe(false)
  })

  it.each([
    'ld-linux-x86-64.so.2',
    'libc.so.6',
    'libpthread.so.0',
    'libm.so.6',
    'libgcc_s.so.1',
    'libstdc++.so.6',
    'libc.musl-x86_64.so.1',
  ])('is always %s', (soname) => {
    expect(coveredByBase(declared, '/x', soname)).toBe(true)
  })

  it('is not what looks like glibc', () => {
    for (const soname of ['libcrypt.so.1', 'libmy.so.1', 'libc++.so.1', 'libgomp.so.1']) {
      expect(coveredByBase(declared, '/x', soname)).toBe(false)
    }
  })

  it('is everything where nothing is declared', () => {
    const system = openSystem(makeTree(files), { cpu: cpuOfLevel(1) })
    expect(coveredByBase(system, '/usr/lib/libpng.so', 'libpng.so')).toBe(true)
  })
})

describe('sources', () => {
  const message = async (spec: string): Promise<string> => {
    const source = await openSource(spec, null)
    return isSystem(source) ? '' : source.message
  }

  it('are folders that hold a root file system', async () => {
    const folder = makeFolder({ 'usr/lib/x': '' })
    const system = await openSource(folder, cpuOfLevel(2))
    expect(isSystem(system) && system.label).toBe(folder)
    expect(isSystem(await openSource('/', nativeCpu()))).toBe(true)
    expect(isSystem(await openSource('/', null))).toBe(true)
  })

  it('are refused in one line that says what to do', async () => {
    const folder = makeFolder({ 'a/b': '', empty: null })
    expect(await message(folder)).toMatch(/^is no root file system/)
    expect(await message(join(folder, 'empty'))).toMatch(/^is an empty folder; name a root/)
    expect(await message(join(folder, 'a/b'))).toMatch(/^holds no files; name an image/)
    expect(await message(join(folder, 'nothing'))).toMatch(/^does not exist/)
    expect(await message('centos-99')).toMatch(/no built-in base/)
    expect(await message('oci:dir:tag')).toMatch(/^does not exist; name a folder, an image/)
    expect(await message('docker-archive:x.tar')).toMatch(/^does not exist/)
    expect(await message(`oci:${folder}`)).toMatch(/^is no OCI layout/)
    expect(await message(`docker-archive:${folder}`)).toMatch(/^is a folder; name a file/)
  })

  it('are declared bases with a root', async () => {
    const folder = makeFolder({
      'root/usr/x': '',
      bare: null,
      'good.yaml': `${HEAD}root: root\ncpu: x86-64-v3\n`,
      'none.yml': HEAD,
      'capture.yaml': `${HEAD}capture: x.tar\n`,
      'gone.yaml': `${HEAD}root: gone\n`,
      'bare.yaml': `${HEAD}root: bare\n`,
      'bad.yaml': 'name: x',
    })
    const good = await openSource(join(folder, 'good.yaml'), null)
    expect(isSystem(good) && [good.label, good.declaration?.cpu]).toEqual(['el9', 3])
    expect(isSystem(await openSource(join(folder, 'good.yaml'), cpuOfLevel(1)))).toBe(true)
    expect(await message(join(folder, 'none.yml'))).toMatch(/^names no root and no capture; add capture: FILE/)
    expect(await message(join(folder, 'capture.yaml'))).toMatch(/x.tar: .*does not exist/)
    expect(await message(join(folder, 'gone.yaml'))).toMatch(/gone: does not exist/)
    expect(await message(join(folder, 'bare.yaml'))).toMatch(/bare: is an empty folder/)
    expect(await message(join(folder, 'bad.yaml'))).toMatch(/^schema: /)
  })
})

describe('a first base.yaml', () => {
  const debian: Readonly<Record<string, Content>> = {
    'lib64/ld-linux-x86-64.so.2': writeLoader({ strings: ['/lib64/', '/usr/lib64/'] }),
    'etc/ld.so.conf': '/opt/lib\n',
    'opt/lib/libo.so.1': '',
    'usr/lib64': null,
    'etc/os-release': 'ID=debian\nVERSION_ID="12"\n',
    'var/lib/dpkg/status': ['zlib1g', 'libc6', 'python3', 'opt', 'dev']
      .map((name) => `Package: ${name}\nVersion: 1\n`)
      .join('\n'),
    'var/lib/dpkg/info/zlib1g.list': '/.\n/usr/lib64/libz.so.1\n',
    'var/lib/dpkg/info/libc6.list': '/.\n/usr/lib64/libc.so.6\n/usr/lib64/libm.so.6\n',
    'var/lib/dpkg/info/python3.list': '/.\n/usr/lib64/python3/x.so\n',
    'var/lib/dpkg/info/opt.list': '/.\n/opt/lib/libo.so.1\n',
    'var/lib/dpkg/info/dev.list': '/.\n/usr/lib64/libz.so\n',
  }

  it('declares the packages with libraries where the loader looks, and can be read back', () => {
    const text = initBase(openSystem(makeTree(debian), { cpu: cpuOfLevel(1) }), { root: '../root: x' })
    const base = parse(text)
    expect('declaration' in base && base).toMatchObject({
      declaration: {
        name: 'debian-12',
        os: { family: 'debian', version: '12', arch: 'x86_64' },
        osPackages: ['opt', 'zlib1g'],
        cpu: 1,
      },
      root: '/root: x',
    })
    expect(text).toContain('# The weakest processor')
  })

  it('works on a tree of which nothing is known', () => {
    const system = openSystem(makeTree({ usr: null }), { cpu: cpuOfLevel(1) })
    const text = initBase(system, { root: null })
    expect(system.loader(null, EM_X86_64, ELFCLASS64)).toBeNull()
    expect(text).toContain('# root: FOLDER')
    expect(parse(text)).toHaveProperty('declaration.name', 'unknown')
  })

  it("looks in musl's folders", () => {
    const system = openSystem(
      makeTree({
        'lib/ld-musl-x86_64.so.1': writeLoader({ strings: [] }),
        'usr/lib/libz.so.1': '',
        'lib/apk/db/installed': 'P:zlib\nV:1\nF:usr/lib\nR:libz.so.1\n',
      }),
      { cpu: cpuOfLevel(1) },
    )
    expect(initBase(system, { root: null })).toContain('    - zlib\n')
  })
})
