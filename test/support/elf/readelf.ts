/** What binutils' readelf says of files, in the words of the domain: a reader that shares nothing with ours. */
import { spawnSync } from 'node:child_process'
import type { ElfReading, Need } from '../../../src/domain/object.ts'

/** The facts both readers tell, as plain data that compares and prints well. */
export interface ReadelfFacts {
  readonly class: number
  readonly data: number
  readonly type: string
  readonly phnum: number
  readonly loads: readonly string[]
  readonly stack: string | null
  readonly interpreter: string | null
  readonly needs: readonly string[]
  readonly soname: string | null
  readonly rpath: string | null
  readonly runpath: string | null
  readonly flags: readonly string[]
  readonly versionNeeds: readonly string[]
  readonly definitions: readonly string[]
  readonly buildId: string | null
  readonly abi: string | null
  readonly isaNeeded: number
}

/** Whether the machine has readelf. */
export function hasReadelf(): boolean {
  return spawnSync('readelf', ['--version']).status === 0
}

/** The facts of each file that readelf takes for ELF, by the path given. */
export function readelfFacts(files: readonly string[]): ReadonlyMap<string, ReadelfFacts> {
  const facts = new Map<string, ReadelfFacts>()
  for (let i = 0; i < files.length; i += 50) {
    // The second name makes readelf print the file's name even when there is only one.
    const list = [...files.slice(i, i + 50), '/dev/null']
    const { stdout } = spawnSync('readelf', ['-h', '-l', '-d', '-V', '-n', '-W', '--', ...list], {
      maxBuffer: 1 << 30,
      env: { ...process.env, LC_ALL: 'C' },
    })
    for (const part of stdout
      .toString('latin1')
      .split(/^File: /m)
      .slice(1)) {
      const end = part.indexOf('\n')
      if (part.includes('ELF Header:')) facts.set(part.slice(0, end), parse(part.slice(end)))
    }
  }
  return facts
}

function parse(text: string): ReadelfFacts {
  const one = (pattern: RegExp): string | null => pattern.exec(text)?.[1] ?? null
  const tag = (name: string): string | null => one(new RegExp(`\\(${name}\\) +[^\\[\\n]*\\[(.*)\\]$`, 'm'))
  const needs = [...text.matchAll(/\((NEEDED|FILTER|AUXILIARY)\) +[^[\n]*\[(.*)\]$/gm)]
  const isa = (one(/x86 ISA needed: (.*)$/m) ?? '').split(', ')
  return {
    class: Number(one(/Class: +ELF(\d+)/)) / 32,
    data: one(/Data: .*(big|little) endian/) === 'big' ? 2 : 1,
    type: one(/Type: +(\w+)/) ?? '',
    phnum: Number(one(/Number of program headers: +\d+ \((\d+)\)/) ?? one(/Number of program headers: +(\d+)/)),
    loads: [...text.matchAll(/^ {2}LOAD +(\S+) (\S+) \S+ (\S+) (\S+) (...) (\S+)$/gm)].map((match) =>
      [...match.slice(1, 5).map(Number), match[5]?.replaceAll(' ', ''), Number(match[6])].join(' '),
    ),
    stack: one(/^ {2}GNU_STACK +\S+ \S+ \S+ \S+ \S+ (...)/m)?.replaceAll(' ', '') ?? null,
    interpreter: one(/Requesting program interpreter: (.*)\]$/m),
    needs: needs.map((match) => `${(match[1] ?? '').toLowerCase()} ${match[2] ?? ''}`),
    soname: tag('SONAME'),
    rpath: tag('RPATH'),
    runpath: tag('RUNPATH'),
    flags: `${one(/\(FLAGS\) +(.*)$/m) ?? ''} ${one(/\(FLAGS_1\) +Flags: (.*)$/m) ?? ''}`
      .split(' ')
      .filter(Boolean)
      .sort(),
    versionNeeds: versionNeeds(text),
    definitions: definitions(text),
    buildId: one(/Build ID: ([0-9a-f]+)$/m),
    abi: one(/OS: \w+, ABI: ([\d.]+)$/m),
    isaNeeded: ['x86-64-baseline', 'x86-64-v2', 'x86-64-v3', 'x86-64-v4'].reduce(
      (bits, name, i) => bits | (isa.includes(name) ? 1 << i : 0),
      0,
    ),
  }
}

function versionNeeds(text: string): readonly string[] {
  const out: string[] = []
  let file = ''
  for (const match of text.matchAll(
    /Version: 1 {2}File: (\S+) {2}Cnt|Name: (\S+) {2}Flags: (.*?) {2}Version: \d+$/gm,
  )) {
    if (match[1] !== undefined) file = match[1]
    else out.push(`${file} ${match[2] ?? ''}${(match[3] ?? '').includes('WEAK') ? ' weak' : ''}`)
  }
  return out
}

function definitions(text: string): readonly string[] {
  const out: string[] = []
  for (const match of text.matchAll(
    /Rev: 1 {2}Flags: (.*?) {2}Index: \d+ {2}Cnt: \d+ {2}Name: (\S+)$|Parent \d+: (\S+)$/gm,
  )) {
    const [, flags = '', name, parent = ''] = match
    if (name !== undefined) {
      out.push(`${name}${flags.includes('BASE') ? ' base' : ''}${flags.includes('WEAK') ? ' weak' : ''}`)
    } else out.push(`${out.pop() ?? ''} < ${parent}`)
  }
  return out
}

const TYPES = ['NONE', 'REL', 'EXEC', 'DYN', 'CORE']
const FLAGS = ['ORIGIN', 'SYMBOLIC', 'TEXTREL', 'BIND_NOW', 'STATIC_TLS']
/** DT_FLAGS_1 by bit, in readelf's words. */
const FLAGS_1 = (
  'NOW GLOBAL GROUP NODELETE LOADFLTR INITFIRST NOOPEN ORIGIN DIRECT TRANS INTERPOSE NODEFLIB NODUMP CONFALT ' +
  'ENDFILTEE DISPRELDNE DISPRELPND NODIRECT IGNMULDEF NOKSYMS NOHDR EDITED NORELOC SYMINTPOSE GLOBAUDIT SINGLETON ' +
  'STUB PIE KMOD WEAKFILTER NOCOMMON'
).split(' ')

/** The same facts out of our reading; null where we have no object. */
export function ourFacts({ header, object }: ElfReading): ReadelfFacts | null {
  if (header === null || object === null) return null
  const need = ({ kind, name }: Need): string => `${kind} ${name}`
  const names = (value: number, list: readonly string[]): readonly string[] =>
    list.filter((_, bit) => (value & (1 << bit)) !== 0)
  return {
    class: header.class,
    data: header.data,
    type: TYPES[header.type] ?? '',
    phnum: header.phnum,
    loads: object.loads.map((load) =>
      [load.offset, load.address, load.fileSize, load.memorySize, permissions(load.flags), load.align].join(' '),
    ),
    stack: object.executableStack === null ? null : object.executableStack ? 'RWE' : 'RW',
    interpreter: object.interpreter,
    needs: object.needs.map(need),
    soname: object.soname,
    rpath: object.rpath,
    runpath: object.runpath,
    flags: [...names(object.flags, FLAGS), ...names(object.flags1, FLAGS_1)].sort(),
    versionNeeds: object.versionNeeds.map(({ file, version, weak }) => `${file} ${version}${weak ? ' weak' : ''}`),
    definitions: object.versionDefinitions.map(({ name, base, weak, parents }) =>
      [`${name}${base ? ' base' : ''}${weak ? ' weak' : ''}`, ...parents].join(' < '),
    ),
    buildId: object.buildId,
    abi: object.abiTag?.kernel.join('.') ?? null,
    isaNeeded: object.properties.isaNeeded,
  }
}

function permissions(flags: number): string {
  return `${(flags & 4) !== 0 ? 'R' : ''}${(flags & 2) !== 0 ? 'W' : ''}${(flags & 1) !== 0 ? 'E' : ''}`
}
