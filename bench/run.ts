/**
 * Measures Airtight beside its peers on one studio: `npm run bench -- STUDIO [CONTEXT]`. Needs root (the peers run in a
 * chroot of the studio's host) and libtree, pax-utils and binutils; a peer that is missing is named and left out.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readSync, rmSync, writeFileSync, openSync, closeSync, fstatSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { readElf } from '../src/elf/read.ts'
import { compare, figure, table } from './measure.ts'
import type { Candidate, Figure } from './measure.ts'
import { elfFiles, readStudio } from './studio.ts'
import type { Studio } from './studio.ts'

const ROUNDS = 5
const AIRTIGHT = `node ${path.resolve(import.meta.dirname, '../bin/airtight.js')}`

function has(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0
}

function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}

/** Peers that the machine has; the others are named. */
function present(candidates: readonly (Candidate & { readonly needs?: string })[]): readonly Candidate[] {
  return candidates.filter(({ name, needs }) => {
    if (needs === undefined || has(needs)) return true
    process.stderr.write(`left out: ${name} (${needs} is not installed)\n`)
    return false
  })
}

/** A shell command inside the studio's host, with the packages mounted and one peer's program brought in. */
function chroot(studio: Studio, program: string, body: string): string {
  const host = path.join(studio.folder, 'host')
  const inside = `${host}/tmp/peer`
  const steps = [
    `mkdir -p ${quote(host + studio.at)}`,
    `mount --bind ${quote(path.join(studio.folder, 'rez'))} ${quote(host + studio.at)}`,
    `mount -t tmpfs none ${quote(`${host}/tmp`)}`,
    `cp "$(which ${program})" ${quote(inside)}`,
    `cp "$LIST" ${quote(`${host}/tmp/list`)}`,
    // What a peer says of an object that lacks something is no failure of the peer.
    `{ LD_LIBRARY_PATH=${quote(studio.libraryPath)} chroot ${quote(host)} /bin/sh -c ${quote(body)} >/dev/null 2>&1; true; }`,
  ]
  return `unshare --mount sh -c ${quote(steps.join(' && '))}`
}

function closures(studio: Studio, list: string): readonly Figure[] {
  const paths = studio.objects.map((object) => `${studio.at}/${object}`)
  writeFileSync(list, `${paths.join('\n')}\n`)
  process.env['LIST'] = list
  const host = path.join(studio.folder, 'host')
  const mount = quote(`${path.join(studio.folder, 'rez')}=${studio.at}`)
  const ours = `${AIRTIGHT} closure --root ${quote(host)} --mount ${mount} --cpu native --format jsonl --files ${quote(list)} --library-path ${quote(studio.libraryPath)} >/dev/null`
  const each = (command: string): string => `while read -r f; do ${command}; done < /tmp/list`
  return compare(
    present([
      { name: 'airtight closure', command: ours },
      {
        name: 'libtree, one process each',
        needs: 'libtree',
        rounds: 3,
        command: chroot(studio, 'libtree', each('/tmp/peer -p "$f"')),
      },
      {
        name: 'libtree, one process',
        needs: 'libtree',
        command: chroot(studio, 'libtree', '/tmp/peer -p $(cat /tmp/list)'),
      },
      {
        name: 'ld.so trace, one process each',
        rounds: 3,
        command: chroot(studio, 'true', each('LD_TRACE_LOADED_OBJECTS=1 /lib64/ld-linux-x86-64.so.2 "$f"')),
      },
      {
        name: 'ldd, one process each',
        needs: 'ldd',
        rounds: 1,
        command: chroot(studio, 'ldd', each('/bin/bash /tmp/peer "$f"')),
      },
      {
        name: 'lddtree, first 20 objects only',
        needs: 'lddtree',
        rounds: 1,
        command: `head -20 ${quote(list)} | sed s,^${studio.at},${path.join(studio.folder, 'rez')}, | xargs -n1 lddtree -R ${quote(host)} >/dev/null 2>&1; true`,
      },
    ]),
    ROUNDS,
  )
}

/** Reading in this process against whole processes of the peers, over the packages and the host's libraries. */
function reading(studio: Studio, list: string): readonly Figure[] {
  const files = ['rez', 'host/usr/lib'].flatMap((part) => {
    const folder = path.join(studio.folder, part)
    return elfFiles(folder).map((file) => path.join(folder, file))
  })
  writeFileSync(list, `${files.join('\n')}\n`)
  process.stderr.write(`reading: ${files.length} files\n`)
  const series: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) series.push(readAll(files))
  const cold = figure('airtight, in process, first pass', series.slice(0, 1), null)
  const warm = figure('airtight, in process, later passes', series.slice(1), null)
  const peers = compare(
    present([
      { name: 'scanelf -f', needs: 'scanelf', command: `scanelf -nrSBF '%n %r %S %F' -f ${quote(list)} >/dev/null` },
      { name: 'readelf -dVW', needs: 'readelf', command: `xargs readelf -dVW < ${quote(list)} >/dev/null 2>&1; true` },
      { name: 'readelf -dW', needs: 'readelf', command: `xargs readelf -dW < ${quote(list)} >/dev/null 2>&1; true` },
    ]),
    ROUNDS,
  )
  return [cold, warm, ...peers]
}

const buffer = Buffer.alloc(64 * 1024)

function readAll(files: readonly string[]): number {
  const start = process.hrtime.bigint()
  for (const file of files) {
    const descriptor = openSync(file, 'r')
    const { size } = fstatSync(descriptor)
    const source = {
      size,
      read: (offset: number, length: number): Uint8Array =>
        length <= buffer.length
          ? buffer.subarray(0, readSync(descriptor, buffer, 0, length, offset))
          : largeRead(descriptor, offset, length),
    }
    readElf(source, file)
    closeSync(descriptor)
  }
  return Number(process.hrtime.bigint() - start) / 1e6
}

function largeRead(descriptor: number, offset: number, length: number): Uint8Array {
  const large = Buffer.alloc(length)
  return large.subarray(0, readSync(descriptor, large, 0, length, offset))
}

function audits(studio: Studio): readonly Figure[] {
  const part = (name: string): string => quote(path.join(studio.folder, name))
  const command = `${AIRTIGHT} audit ${studio.requests.join(' ')} --repo ${part('rez')} --host ${part('host')} --base ${part('base')}`
  return compare(
    [
      { name: 'airtight audit, text', command: `${command} >/dev/null; true` },
      { name: 'airtight audit, json', command: `${command} --format json >/dev/null; true` },
      { name: 'node alone', command: 'node -e 0' },
    ],
    ROUNDS,
  )
}

function main(): void {
  const [folder, context = 'blender'] = process.argv.slice(2)
  if (folder === undefined) {
    process.stderr.write(
      'usage: npm run bench -- STUDIO [CONTEXT]   (STUDIO holds rez/, host/, base/, contexts.json)\n',
    )
    process.exitCode = 2
    return
  }
  const studio = readStudio(path.resolve(folder), context)
  const scratch = mkdtempSync(path.join(tmpdir(), 'airtight-bench-'))
  const list = path.join(scratch, 'list')
  try {
    process.stdout.write(`${table('Reading', reading(studio, list))}\n`)
    process.stdout.write(`${table(`Closures of ${studio.objects.length} objects`, closures(studio, list))}\n`)
    process.stdout.write(`${table(`Audit of ${context}, host and base`, audits(studio))}\n`)
  } finally {
    rmSync(scratch, { recursive: true })
  }
}

main()
