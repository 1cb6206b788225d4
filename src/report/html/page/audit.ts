/** The audit that the page holds, with the indexes that its views ask. */
import type { WorldName } from '../../../domain/audit.ts'
import type { DocumentObject, ProviderKind } from '../../document.ts'
import type { Source } from '../../package-rows.ts'
import { SOURCES } from '../../package-rows.ts'
import type { PageModel } from '../model.ts'
import { HOWS, NEED_STRIDE, NOT_ASKED, PROVIDERS } from '../model.ts'

/** The answer of one world. */
export interface Answer {
  /** Index of the file, null where nothing was found. */
  readonly file: number | null
  readonly how: string
  readonly provider: ProviderKind | null
}

export interface Need {
  readonly context: number
  readonly object: number
  readonly name: number
  readonly host: Answer | null
  readonly base: Answer | null
  readonly source: Source
}

function readModel(): PageModel {
  const text = document.getElementById('audit')?.textContent ?? ''
  return JSON.parse(text) as PageModel
}

export const model: PageModel = readModel()

/** The need at one place of the flat list. */
function needAt(index: number): Need {
  const at = index * NEED_STRIDE
  const number = (offset: number): number => model.needs[at + offset] ?? NOT_ASKED
  return {
    context: number(0),
    object: number(1),
    name: number(2),
    host: answerOf(number(3), number(4)),
    base: answerOf(number(5), number(6)),
    source: SOURCES[number(7)] ?? 'missing',
  }
}

function answerOf(file: number, code: number): Answer | null {
  if (file === NOT_ASKED) return null
  return {
    file: file < 0 ? null : file,
    how: HOWS[code >> 3] ?? 'missing',
    provider: PROVIDERS[code & 7] ?? null,
  }
}

/** The answer that decides. */
export function decisive(need: Need): Answer | null {
  return model.decisive === 'base' ? need.base : need.host
}

const amount = model.needs.length / NEED_STRIDE
const byObject = new Map<number, number[]>()
const users = new Map<number, number[]>()

function add(map: Map<number, number[]>, key: number, value: number): void {
  const known = map.get(key)
  if (known === undefined) map.set(key, [value])
  else if (known.at(-1) !== value) known.push(value)
}

for (let index = 0; index < amount; index += 1) {
  const at = index * NEED_STRIDE
  add(byObject, model.needs[at + 1] ?? -1, index)
  for (const offset of [3, 5]) {
    const file = model.needs[at + offset] ?? -1
    if (file >= 0) add(users, file, index)
  }
}

/** The needs of one object. */
export function needsOf(object: number): readonly Need[] {
  return (byObject.get(object) ?? []).map(needAt)
}

/** The needs that lead to one file, in any world. */
export function usersOf(file: number): readonly Need[] {
  return (users.get(file) ?? []).map(needAt)
}

const objectsByPackage = new Map<number, number[]>()
model.objects.forEach((object, index) => {
  if (object.owner !== null) add(objectsByPackage, object.owner, index)
})

/** Indices of a package's objects. */
export function objectsOf(item: number): readonly number[] {
  return objectsByPackage.get(item) ?? []
}

export function objectAt(index: number): DocumentObject | null {
  return model.objects[index] ?? null
}

/** The path inside its package, or the whole path of a system's file. */
export function shortPath(index: number): string {
  const object = objectAt(index)
  if (object === null) return ''
  const root = model.packages[object.owner ?? -1]?.root
  return root !== undefined && object.path.startsWith(`${root}/`) ? object.path.slice(root.length + 1) : object.path
}

/** Who a file belongs to, in words. */
export function ownerName(index: number): string {
  const object = objectAt(index)
  if (object === null) return 'nowhere'
  if (object.owner !== null) return model.packages[object.owner]?.id ?? ''
  return object.os_package ?? (object.world === 'host' ? 'host' : systemName('base'))
}

/** What the reader calls a system. */
function systemName(world: WorldName): string {
  return world === 'host' ? 'the host' : (model.base?.label ?? 'the base')
}
