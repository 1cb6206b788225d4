/** The folders of a graph, and the many ways to write a path list that leads to them. */
import type { Content } from './graph.ts'
import { SYSTEM_FOLDER } from './graph.ts'
import type { Random } from './random.ts'

/** Folders where programs and libraries may lie. */
export const FOLDERS: readonly string[] = [
  '/opt/app/bin',
  '/opt/app/lib',
  '/opt/app/lib/x86_64-linux-gnu',
  '/opt/app/plugins/x86_64',
  '/opt/dep1/lib',
  '/opt/dep1/lib/private',
  '/opt/dep2/lib',
  '/opt/dep2;x/lib',
  '/srv/conf1',
  '/srv/conf2',
  '/usr/local/lib',
  '/job',
  '/job/sub',
]

/** Folders that the loader knows by itself. */
export const SYSTEM_FOLDERS: readonly string[] = [SYSTEM_FOLDER, '/usr/lib/x86_64-linux-gnu', '/lib', '/usr/lib']

/** Working folders of the processes. */
export const WORKING_FOLDERS: readonly string[] = ['/job', '/', '/opt/app', '/opt/dep1/lib']

/** Folders that are links, are none, or are not there. */
export const ODD_FOLDERS: readonly (readonly [path: string, content: Content | null])[] = [
  ['/opt/link', { kind: 'link', target: 'dep1/lib' }],
  ['/opt/current', { kind: 'link', target: '/opt/dep2' }],
  ['/opt/dangling', { kind: 'link', target: '/opt/nothing' }],
  ['/opt/loop', { kind: 'link', target: 'loop' }],
  ['/opt/file', { kind: 'text', text: 'no folder\n' }],
  ['/opt/absent', null],
]

/** Other ways to the folders above; they lead through the links of {@link ODD_FOLDERS}. */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  '/opt/dep1/lib': ['/opt/link', '/opt/dep2/lib/../../dep1/lib', '/opt/current/../dep1/lib'],
  '/opt/dep2/lib': ['/opt/current/lib', '/opt/link/../../dep2/lib'],
  '/opt/app/lib': ['/opt/app/bin/../lib', '/opt/./app//lib'],
}

/** Subfolders that some loader looks into, or that look as if. */
export const SUBFOLDERS: readonly string[] = [
  'glibc-hwcaps/x86-64-v2',
  'glibc-hwcaps/x86-64-v3',
  'glibc-hwcaps/x86-64-v4',
  'glibc-hwcaps/x86-64-v1',
  'tls',
  'tls/x86_64',
  'tls/x86_64/x86_64',
  'x86_64',
  'x86_64/x86_64',
  'haswell',
  'haswell/x86_64',
  'avx512_1',
]

/** Where a path list is read: by an object in a folder, or from the environment of a process. */
export interface Place {
  /** Folder of the object, or of the program. */
  readonly folder: string
  readonly cwd: string
}

/** One element of a path list that leads to `folder`, spelled in one of many ways. */
export function elementFor(random: Random, folder: string, place: Place): string {
  const aliases = ALIASES[folder] ?? []
  const plain = aliases.length > 0 && random.chance(0.25) ? random.pick(aliases) : folder
  return random.weighted<() => string>([
    [8, () => plain],
    [2, () => `${plain}${random.pick(['/', '//', '/./'])}`],
    [6, () => `${random.pick(['$ORIGIN', '${ORIGIN}'])}${relative(place.folder, folder)}`],
    [1, () => `$ORIGIN/${random.pick(['.', '../..', 'nothing/..'])}${folder}`],
    [1.5, () => withTokens(random, plain)],
    [0.7, () => plain.replace('/opt', '$OPT')],
    [0.5, () => `$ORIGINAL${relative(place.folder, folder)}`],
    [folder === place.cwd ? 12 : 1.5, () => relative(place.cwd, folder).slice(1) || random.pick(['', '', '.'])],
    [0.4, () => `${folder}/$`],
  ])()
}

/** Elements that lead nowhere useful. */
export function oddElement(random: Random): string {
  return random.pick([
    '',
    '',
    '.',
    '/opt/absent',
    '/opt/dangling',
    '/opt/loop',
    '/opt/file',
    '/opt/$NOTHING',
    '/',
    'loop',
    'loop',
    'loop',
  ])
}

function withTokens(random: Random, folder: string): string {
  const lib = random.pick(['$LIB', '${LIB}'])
  const platform = random.pick(['$PLATFORM', '${PLATFORM}'])
  return folder.replace('lib/x86_64-linux-gnu', lib).replace(/x86_64$/, platform)
}

/** The way from one absolute folder to another, with a slash in front; empty for the same. */
export function relative(from: string, to: string): string {
  const left = from.split('/').filter((part) => part !== '')
  const right = to.split('/').filter((part) => part !== '')
  let same = 0
  while (same < left.length && same < right.length && left[same] === right[same]) same += 1
  const parts = [...left.slice(same).map(() => '..'), ...right.slice(same)]
  return parts.map((part) => `/${part}`).join('')
}
