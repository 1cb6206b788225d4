/**
 * Closures over a folder beside closures over everything that can be made of it: captures, OCI layouts, docker and OCI
 * archives, plain tar archives, and what the capture script collects. `compare.ts --root DIR [--studio DIR
 * --context NAME]`; with a studio its packages are laid over the root. Needs skopeo, umoci, dash and busybox; what is missing is named.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { encodeBytes } from '../../src/domain/bytes.ts'
import { elfFiles, readStudio } from '../../bench/studio.ts'

const PROGRAM = resolve(import.meta.dirname, '../../bin/airtight.js')
const MAX_OUTPUT = 1024 * 1024 * 1024
const SHOWN = 5

interface Questions {
  readonly files: readonly string[]
  readonly options: readonly string[]
}

function airtight(args: readonly string[], output?: string): string {
  const to = output === undefined ? [] : ['-o', output]
  const ran = spawnSync(process.execPath, [PROGRAM, ...args, ...to], { encoding: 'utf8', maxBuffer: MAX_OUTPUT })
  // 3: some file of the source cannot be read, which is said and does not matter here.
  if (ran.status !== 0 && ran.status !== 3) throw new Error(`airtight ${args.join(' ')}: ${ran.stderr}`)
  return ran.stdout
}

function has(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0
}

/** Everything that can be made of a root, by name; each is made when it is asked for. */
function sources(root: string, folder: string): readonly (readonly [string, () => string])[] {
  const at = (name: string): string => join(folder, name)
  const made = (name: string, make: (path: string) => void): (() => string) => {
    return () => {
      make(at(name))
      return at(name)
    }
  }
  const shell = (program: string, ...args: string[]): void => {
    execFileSync(program, args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
  }
  const script = at('collect.sh')
  writeFileSync(script, airtight(['base', 'capture', '--script']))
  const all: [string, string[], () => string][] = [
    ['capture of the folder', [], made('folder.capture', (path) => airtight(['base', 'capture', root], path))],
    [
      'oci, gzip',
      ['umoci'],
      () => {
        shell('umoci', 'init', '--layout', 'oci')
        shell('umoci', 'new', '--image', 'oci:base')
        shell('umoci', 'insert', '--image', 'oci:base', root, '/')
        return `oci:${at('oci')}:base`
      },
    ],
    [
      'capture of oci',
      ['umoci'],
      made('oci.capture', (path) => airtight(['base', 'capture', `oci:${at('oci')}`], path)),
    ],
    [
      'oci, zstd',
      ['umoci', 'skopeo'],
      () => {
        shell('skopeo', 'copy', '-q', '--dest-compress-format', 'zstd', '--dest-compress', 'oci:oci:base', 'dir:zstd')
        shell('skopeo', 'copy', '-q', 'dir:zstd', 'oci:ocizstd:base')
        return `oci:${at('ocizstd')}`
      },
    ],
    [
      'docker archive',
      ['umoci', 'skopeo'],
      () => {
        shell('skopeo', 'copy', '-q', 'oci:oci:base', 'docker-archive:docker.tar:studio/base:1')
        return `docker-archive:${at('docker.tar')}:studio/base:1`
      },
    ],
    [
      'docker archive, gzip',
      ['umoci', 'skopeo'],
      () => {
        shell('gzip', '-1', '-k', 'docker.tar')
        return at('docker.tar.gz')
      },
    ],
    [
      'oci archive',
      ['umoci', 'skopeo'],
      () => {
        shell('skopeo', 'copy', '-q', 'oci:oci:base', 'oci-archive:oci.tar:base')
        return `oci-archive:${at('oci.tar')}`
      },
    ],
    ['tar of the root', [], made('root.tar', (path) => shell('tar', '-C', root, '-cf', path, '.'))],
    ['tar of the root, zstd', ['zstd'], made('root.tar.zst', () => shell('zstd', '-q', 'root.tar'))],
    ['script under dash', ['dash'], made('dash.tar.gz', (path) => shell('dash', script, path, root))],
    ['script under busybox sh', ['busybox'], made('sh.tar', (path) => shell('busybox', 'sh', script, path, root))],
    [
      'script with nothing but busybox',
      ['busybox'],
      // With nothing else on its path: its own find and tar.
      made('busybox.tar', (path) => {
        shell('mkdir', 'applets')
        shell('busybox', '--install', '-s', at('applets'))
        shell('env', `PATH=${at('applets')}`, 'sh', script, path, root)
      }),
    ],
    [
      "capture of the script's tar",
      ['dash'],
      made('dash.capture', (path) => airtight(['base', 'capture', at('dash.tar.gz')], path)),
    ],
  ]
  return all.flatMap(([name, needs, make]): (readonly [string, () => string])[] => {
    const missing = needs.filter((program) => !has(program))
    if (missing.length === 0) return [[name, make]]
    console.error(`LEFT OUT: ${name}: ${missing.join(' and ')} is missing`)
    return []
  })
}

function closures(source: string, questions: Questions, folder: string): readonly string[] {
  const list = join(folder, 'list')
  writeFileSync(list, encodeBytes(questions.files.map((file) => `${file}\n`).join('')))
  const args = ['closure', '--root', source, '--format', 'jsonl', '--files', list, ...questions.options]
  return airtight(args).split('\n')
}

function questionsOf(root: string, studioFolder: string | null, context: string): Questions {
  const own = elfFiles(join(root, 'usr/bin')).map((file) => `/usr/bin/${file}`)
  if (studioFolder === null) return { files: own, options: [] }
  const studio = readStudio(studioFolder, context)
  return {
    files: [...studio.objects.map((object) => `${studio.at}/${object}`), ...own],
    options: ['--mount', `${join(studioFolder, 'rez')}=${studio.at}`, '--library-path', studio.libraryPath],
  }
}

function compare(wanted: readonly string[], got: readonly string[]): number {
  let different = 0
  wanted.forEach((line, index) => {
    if (line === got[index]) return
    different += 1
    if (different <= SHOWN) console.log(`    folder: ${line}\n    source: ${got[index] ?? '(nothing)'}`)
  })
  return different + Math.max(0, got.length - wanted.length)
}

function main(): number {
  const { values } = parseArgs({
    options: {
      root: { type: 'string' },
      studio: { type: 'string' },
      context: { type: 'string', default: 'blender' },
    },
  })
  if (values.root === undefined) throw new Error('--root DIR is missing')
  const root = resolve(values.root)
  const folder = mkdtempSync(join(tmpdir(), 'airtight-captures-'))
  let failed = 0
  try {
    const questions = questionsOf(root, values.studio === undefined ? null : resolve(values.studio), values.context)
    const wanted = closures(root, questions, folder)
    console.log(`${root}: ${questions.files.length} objects`)
    for (const [name, make] of sources(root, folder)) {
      const source = make()
      const different = compare(wanted, closures(source, questions, folder))
      const path = source.replace(/^[a-z-]+:/, '').replace(/:studio\/base:1$|:base$/, '')
      const size = statSync(path).isFile() ? `, ${(statSync(path).size / 1e6).toFixed(1)} MB` : ''
      console.log(`  ${name}${size}: ${different === 0 ? 'identical' : `${different} DIFFERENT`}`)
      if (different > 0) failed += 1
    }
    const again = join(folder, 'again.capture')
    airtight(['base', 'capture', root, '--label', 'folder'], again)
    const first = join(folder, 'first.capture')
    airtight(['base', 'capture', root, '--label', 'folder'], first)
    if (!readFileSync(again).equals(readFileSync(first))) {
      console.log('  two captures of one folder are not the same bytes')
      failed += 1
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return failed
}

process.exitCode = main() === 0 ? 0 : 1
