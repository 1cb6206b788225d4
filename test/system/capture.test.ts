/** Captures: what is resolved over one is what is resolved over its tree, and a damaged one says so. */
import { execFileSync } from 'node:child_process'
import { linkSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { faultText } from '../../src/domain/fault.ts'
import type { System } from '../../src/domain/system.ts'
import type { Tree } from '../../src/domain/tree.ts'
import { resolveClosure } from '../../src/loader/closure.ts'
import { captureScript } from '../../src/system/capture/script.ts'
import { takeCapture } from '../../src/system/capture/take.ts'
import { readLoaderConfiguration } from '../../src/system/ld-so-conf.ts'
import { cpuOfLevel } from '../../src/system/cpu.ts'
import { openSource } from '../../src/system/source.ts'
import { createWorld } from '../../src/system/world.ts'
import { buildElf } from '../support/elf/build.ts'
import { libcBytes, loaderBytes } from '../support/loader/stand-ins.ts'
import { program } from '../support/loader/world.ts'
import { makeFolder } from '../support/system/folder.ts'
import { writeLoader } from '../support/system/loader-image.ts'
import { ociLayout } from '../support/tree/tar-writer.ts'

const FOLDER = 'usr/lib/x86_64-linux-gnu'
const NAMES = Array.from({ length: 300 }, (_, i) => ({
  name: `function_number_${i}`,
  version: i % 2 === 0 ? 'Q_1' : 'Q_2',
}))

function makeRoot(): string {
  return makeFolder({
    lib64: { link: 'usr/lib64' },
    lib: { link: 'usr/lib' },
    'usr/lib64/ld-linux-x86-64.so.2': { link: `/${FOLDER}/ld-2.31.so` },
    [`${FOLDER}/ld-2.31.so`]: loaderBytes([2, 31]),
    [`${FOLDER}/libc.so.6`]: libcBytes([2, 31]),
    [`${FOLDER}/libq.so.1.2`]: buildElf({
      soname: 'libq.so.1',
      needs: ['libc.so.6'],
      versionDefinitions: ['Q_1', 'Q_2'],
      symbols: NAMES,
      filler: 100_000,
    }),
    [`${FOLDER}/libq.so.1`]: { link: 'libq.so.1.2' },
    [`${FOLDER}/libtext.so`]: 'GROUP ( libq.so.1 )',
    'usr/bin/p': buildElf(
      program({
        needs: ['libq.so.1', 'libgone.so.1', 'libtext.so'],
        versionNeeds: [{ file: 'libq.so.1', versions: ['Q_2'] }],
      }),
    ),
    'usr/bin/script': '#!/bin/sh\nexit 0\n',
    'etc/os-release': 'ID=debian\nVERSION_ID="11"\n',
    'var/lib/dpkg/status': 'Package: libq1\nVersion: 1.2-3\n\n',
    'var/lib/dpkg/info/libq1.list': `/.\n/usr\n/${FOLDER}/libq.so.1.2\n/${FOLDER}/libq.so.1\n/usr/share/doc/libq1/copyright\n`,
    'usr/share/doc/libq1/copyright': 'free',
  })
}

async function capture(root: string): Promise<string> {
  const taken = await takeCapture(root, { rpmProgram: null, platform: null, progress: null, label: 'q', own: false })
  if ('message' in taken) throw new Error(faultText(taken))
  const file = join(makeFolder({}), 'q.capture')
  writeFileSync(file, taken.bytes)
  return file
}

async function open(spec: string): Promise<System> {
  const system = await openSource(spec, cpuOfLevel(1))
  if ('message' in system) throw new Error(faultText(system))
  return system
}

describe('a capture', () => {
  const both = async (): Promise<readonly [System, System]> => {
    const root = makeRoot()
    return [await open(root), await open(await capture(root))]
  }

  test('gives the closures of its tree, the loader of its tree, and the symbols of its tree', async () => {
    const [tree, captured] = await both()
    const worlds = [tree, captured].map((system) => createWorld({ name: 'host', system }))
    const [left, right] = worlds.map((world) => ({
      // What binding symbols would find is asked for later: functions of two closures are never equal.
      closure: { ...resolveClosure(world, '/usr/bin/p'), symbols: null, scope: null },
      reading: world.read(`/${FOLDER}/libq.so.1.2`),
      symbols: world.symbols(`/${FOLDER}/libq.so.1.2`),
      defined: world.definitions(`/${FOLDER}/libq.so.1.2`, 'function_number_77'),
      text: world.read(`/${FOLDER}/libtext.so`).size,
    }))
    expect(right).toEqual(left)
    expect(left?.symbols.symbols).toHaveLength(300)
    expect(left?.defined).toHaveLength(1)
    const setups = [tree, captured].map((system) => system.loader('/lib64/ld-linux-x86-64.so.2', 62, 2))
    expect(setups[1]?.version).toEqual([2, 31])
    expect({ ...setups[1], cache: null }).toEqual({ ...setups[0], cache: null })
  })

  test('keeps owners, names, links, the distribution and the heads of scripts', async () => {
    const [, captured] = await both()
    expect(captured.owner(`/${FOLDER}/libq.so.1.2`)).toEqual({ manager: 'dpkg', name: 'libq1', version: '1.2-3' })
    expect(captured.packageFiles('libq1').slice(0, 2)).toEqual([`/${FOLDER}/libq.so.1.2`, `/${FOLDER}/libq.so.1`])
    expect(captured.packages()).toEqual([{ manager: 'dpkg', name: 'libq1', version: '1.2-3' }])
    expect(captured.os?.id).toBe('debian')
    expect(captured.tree.lookup('/usr/share/doc/libq1/copyright')).toMatchObject({ kind: 'file' })
    const script = captured.tree.content('/usr/bin/script', 100)
    expect(Buffer.from(script as Uint8Array).toString()).toBe('#!/bin/sh\nexit 0\n')
  })

  test('of one tree is always the same bytes', async () => {
    const root = makeRoot()
    expect(readFileSync(await capture(root)).equals(readFileSync(await capture(root)))).toBe(true)
  })

  test('of an archive of the tree gives the same, and bears what its image sets', async () => {
    const root = makeRoot()
    execFileSync('mkfifo', [join(root, 'usr/lib/pipe')])
    linkSync(join(root, FOLDER, 'libq.so.1.2'), join(root, FOLDER, 'libq-again.so'))
    // More than one block holds.
    const symbols = Array.from({ length: 9000 }, (_, i) => ({ name: `a_function_with_a_long_name_${i}` }))
    for (const name of ['liblarge.so', 'liblarger.so'])
      writeFileSync(join(root, FOLDER, name), buildElf({ soname: name, symbols }))
    const layer = execFileSync('tar', ['-C', root, '--numeric-owner', '-c', '.'], { maxBuffer: 64 * 1024 * 1024 })
    const layout = makeFolder(Object.fromEntries(ociLayout({ layers: [layer], environment: ['LD_PRELOAD=/x.so'] })))
    const [tree, image] = [await open(await capture(root)), await open(await capture(`oci:${layout}`))]
    expect(image.environment?.get('LD_PRELOAD')).toBe('/x.so')
    const seen = [tree, image].map((system) => {
      const world = createWorld({ name: 'host', system })
      const paths = ['libq.so.1.2', 'libq-again.so', 'liblarge.so', 'liblarger.so', 'libc.so.6'].map(
        (name) => `/${FOLDER}/${name}`,
      )
      return {
        read: paths.map((path) => [world.read(path), world.symbols(path), system.owner(path)]),
        pipe: system.tree.lookup('/usr/lib/pipe'),
        version: system.loader('/lib64/ld-linux-x86-64.so.2', 62, 2)?.version,
      }
    })
    expect(seen[1]).toEqual(seen[0])
    expect(seen[0]?.version).toEqual([2, 31])
  })

  test('holds the settings of the loader that includes lead to, and no others', async () => {
    const root = makeFolder({
      'usr/lib64/ld-linux-x86-64.so.2': loaderBytes([2, 31]),
      // No line need end.
      'etc/ld.so.conf': '/opt/a\ninclude ld.so.conf.d/*.conf site/more.conf',
      'etc/ld.so.conf.d/b.conf': '/opt/b\n# include secret.conf\n',
      'etc/ld.so.conf.d/b.conf.rpmsave': 'password\n',
      'etc/site/more.conf': 'include /etc/far.conf # the last\n',
      'etc/far.conf': '/opt/far\n',
      'etc/secret.conf': 'password\n',
      'etc/lsb-release': 'DISTRIB_ID=Ubuntu\n',
    })
    // The script takes whatever may be started.
    execFileSync('find', [join(root, 'etc'), '-type', 'f', '-exec', 'chmod', 'a-x', '{}', '+'])
    const folder = makeFolder({})
    const archive = join(folder, 'root.tar')
    execFileSync('tar', ['-C', root, '-cf', archive, '.'])
    const collected = join(folder, 'collected.tar')
    execFileSync('sh', ['-s', collected, root], { input: captureScript(), stdio: ['pipe', 'ignore', 'ignore'] })
    expect(execFileSync('tar', ['-tf', collected], { encoding: 'utf8' })).not.toMatch(/secret|rpmsave/)
    const text = (tree: Tree, path: string): string => {
      const bytes = tree.content(path, 1000)
      return bytes instanceof Uint8Array ? Buffer.from(bytes).toString() : ''
    }
    for (const spec of [root, await capture(root), await capture(archive), await capture(collected)]) {
      const { tree } = await open(spec)
      expect(readLoaderConfiguration(tree).folders).toEqual(['/opt/a', '/opt/b', '/opt/far'])
      expect(text(tree, '/etc/lsb-release')).toBe('DISTRIB_ID=Ubuntu\n')
      for (const path of ['/etc/secret.conf', '/etc/ld.so.conf.d/b.conf.rpmsave']) {
        expect(text(tree, path).includes('password')).toBe(spec === root)
      }
    }
  })

  test('keeps what tells the version where only the C library does', async () => {
    const root = makeFolder({
      'lib64/ld-linux-x86-64.so.2': writeLoader({ strings: ['/lib64/'] }),
      'lib64/libc.so.6': libcBytes([2, 28]),
      // One without a banner.
      'usr/lib/libc.so.6': buildElf({ soname: 'libc.so.6', filler: 2_000_000 }),
    })
    for (const spec of [root, await capture(root)]) {
      const system = await open(spec)
      expect(system.loader(null, 62, 2)).toMatchObject({ version: [2, 28], evidence: 'loader-file' })
    }
  })

  test('is not taken of a capture, nor of what is not there', async () => {
    const options = { rpmProgram: null, platform: null, progress: null, label: 'q', own: false }
    expect(await takeCapture(await capture(makeRoot()), options)).toMatchObject({ message: 'is a capture already' })
    expect(await takeCapture('oci:/nowhere', options)).toMatchObject({ kind: 'missing' })
  })

  test('can stand in a declared base', async () => {
    const file = await capture(makeRoot())
    const base = join(makeFolder({}), 'base.yaml')
    writeFileSync(base, `schema: airtight/base/v1\nname: q\ncapture: ${file}\nprovides: {os_packages: [libq1]}\n`)
    const system = await open(base)
    expect(system.declaration?.name).toBe('q')
    expect(system.owner(`/${FOLDER}/libq.so.1.2`)?.name).toBe('libq1')
  })
})

describe('a file that is no good capture', () => {
  const problem = async (bytes: Uint8Array): Promise<string> => {
    const file = join(makeFolder({}), 'x.capture')
    writeFileSync(file, bytes)
    const found = await openSource(file, null)
    return 'message' in found ? found.message : ''
  }

  test('cut, damaged, or of another version', async () => {
    const bytes = readFileSync(await capture(makeRoot()))
    expect(await problem(bytes.subarray(0, 30))).toContain('ends too early')
    expect(await problem(bytes.subarray(0, bytes.length - 10))).toContain('ends too early')
    const head = Buffer.from(bytes)
    head[60] = (head[60] ?? 0) ^ 0xff
    expect(await problem(head)).toContain('head is damaged')
    expect(
      await problem(Buffer.from(bytes.toString('latin1').replace('capture/v1', 'capture/v9'), 'latin1')),
    ).toContain('version')
  })

  test('any damage gives a fault or a system, never an exception', async () => {
    const bytes = readFileSync(await capture(makeRoot()))
    const file = join(makeFolder({}), 'x.capture')
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        async (changes) => {
          const damaged = Buffer.from(bytes)
          for (const [at, value] of changes) damaged[at] = value
          writeFileSync(file, damaged)
          const system = await openSource(file, null)
          if ('message' in system) return
          const world = createWorld({ name: 'host', system })
          resolveClosure(world, '/usr/bin/p')
          world.symbols(`/${FOLDER}/libq.so.1.2`)
          system.owner('/usr/bin/p')
        },
      ),
      { numRuns: 60 },
    )
  })
})
