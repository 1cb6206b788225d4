/** Methods of text. */
import { joinable, markedValue } from './caller-text.ts'
import { formatValue } from './str-format.ts'
import {
  bool,
  builtin,
  characters,
  elements,
  indexArgument,
  int,
  list,
  MAX_LENGTH,
  NONE,
  raised,
  str,
  textArgument,
  tuple,
  unknown,
} from './runtime.ts'
import type { HostObject, Rt } from './runtime.ts'

type Method = (text: string, args: readonly Rt[], keywords: ReadonlyMap<string, Rt>) => Rt

/** White space as `str.split()` sees it. */
const SPACE = /[\s\x1c-\x1f\x85]+/u

const METHODS: Readonly<Record<string, Method>> = {
  join: (text, [items = NONE]) =>
    markedValue(
      limited(
        elements(items)
          .map((item) => joinable(item, 'join'))
          .join(text),
      ),
    ),
  split: (text, args, keywords) => list(splitText(text, args, keywords, false).map(str)),
  rsplit: (text, args, keywords) => list(splitText(text, args, keywords, true).map(str)),
  splitlines: (text) => list((text.endsWith('\n') ? text.slice(0, -1) : text).split(/\r\n|\r|\n/).map(str)),
  partition: (text, [separator]) => {
    const by = textArgument(separator, 'partition')
    const at = text.indexOf(by)
    return parts(at < 0 ? [text, '', ''] : [text.slice(0, at), by, text.slice(at + by.length)])
  },
  rpartition: (text, [separator]) => {
    const by = textArgument(separator, 'rpartition')
    const at = text.lastIndexOf(by)
    return parts(at < 0 ? ['', '', text] : [text.slice(0, at), by, text.slice(at + by.length)])
  },
  replace: (text, [from, to, count]) => {
    const pieces = text.split(textArgument(from, 'replace'))
    const by = textArgument(to, 'replace')
    if (from?.kind === 'str' && from.value === '') return unknown('replacing empty text is not evaluated')
    const limit = count === undefined ? -1 : indexArgument(count, 'replace')
    if (limit < 0 || limit >= pieces.length) return str(limited(pieces.join(by)))
    const tail = pieces.slice(limit).join(textArgument(from, 'replace'))
    return str(limited([...pieces.slice(0, limit), tail].join(by)))
  },
  lower: (text) => str(text.toLowerCase()),
  upper: (text) => str(text.toUpperCase()),
  capitalize: (text) => str(text.slice(0, 1).toUpperCase() + text.slice(1).toLowerCase()),
  title: (text) =>
    str(text.replace(/[A-Za-z]+/g, (word) => word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase())),
  startswith: (text, [prefix = NONE, ...more]) => ends(prefix, more, (item) => text.startsWith(item)),
  endswith: (text, [suffix = NONE, ...more]) => ends(suffix, more, (item) => text.endsWith(item)),
  strip: (text, [characters]) => str(strip(text, characters, true, true)),
  lstrip: (text, [characters]) => str(strip(text, characters, true, false)),
  rstrip: (text, [characters]) => str(strip(text, characters, false, true)),
  removeprefix: (text, [prefix]) => {
    const start = textArgument(prefix, 'removeprefix')
    return str(text.startsWith(start) ? text.slice(start.length) : text)
  },
  removesuffix: (text, [suffix]) => {
    const end = textArgument(suffix, 'removesuffix')
    return str(end !== '' && text.endsWith(end) ? text.slice(0, -end.length) : text)
  },
  find: (text, args) => int(placeIn(text, args, 'find')),
  rfind: (text, args) => int(placeIn(text, args, 'rfind')),
  index: (text, args) => {
    const at = placeIn(text, args, 'find')
    return at < 0 ? raised('ValueError', 'the text is not there') : int(at)
  },
  rindex: (text, args) => {
    const at = placeIn(text, args, 'rfind')
    return at < 0 ? raised('ValueError', 'the text is not there') : int(at)
  },
  count: (text, [item, ...more]) => {
    if (more.length > 0) return unknown('count in a part is not evaluated')
    const searched = textArgument(item, 'count')
    return searched === '' ? int(characters(text).length + 1) : int(text.split(searched).length - 1)
  },
  swapcase: (text) =>
    str(ascii(text).replace(/[A-Za-z]/g, (c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase()))),
  casefold: (text) => str(ascii(text).toLowerCase()),
  isspace: (text) => bool(/^\s+$/.test(ascii(text))),
  isnumeric: (text) => bool(/^[0-9]+$/.test(ascii(text))),
  isdecimal: (text) => bool(/^[0-9]+$/.test(ascii(text))),
  isidentifier: (text) => bool(/^[A-Za-z_][A-Za-z0-9_]*$/.test(ascii(text))),
  center: (text, [width = NONE, fill]) => {
    const size = indexArgument(width, 'center')
    const room = Math.max(0, size - characters(text).length)
    // CPython puts the odd one to the left where the width is odd (`pad` in unicodeobject.c).
    const left = Math.floor(room / 2) + (room & size & 1)
    return str(limited(filler(fill).repeat(left) + text + filler(fill).repeat(room - left)))
  },
  isdigit: (text) => bool(/^[0-9]+$/.test(ascii(text))),
  isalpha: (text) => bool(/^[A-Za-z]+$/.test(ascii(text))),
  isalnum: (text) => bool(/^[A-Za-z0-9]+$/.test(ascii(text))),
  isupper: (text) => bool(/[A-Z]/.test(ascii(text)) && !/[a-z]/.test(text)),
  islower: (text) => bool(/[a-z]/.test(ascii(text)) && !/[A-Z]/.test(text)),
  zfill: (text, [width = NONE]) => str(formatValue(str(text), `0>${indexArgument(width, 'zfill')}`)),
  ljust: (text, [width = NONE, fill]) =>
    str(formatValue(str(text), `${filler(fill)}<${indexArgument(width, 'ljust')}`)),
  rjust: (text, [width = NONE, fill]) =>
    str(formatValue(str(text), `${filler(fill)}>${indexArgument(width, 'rjust')}`)),
  encode: () => unknown('bytes are not evaluated'),
}

/** A method of a text, bound to it; null where text has no such method. */
export function strMethod(text: string, name: string): HostObject | null {
  const method = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined
  return method === undefined ? null : builtin(`str.${name}`, (args, keywords) => method(text, args, keywords))
}

function limited(text: string): string {
  return text.length > MAX_LENGTH ? unknown('a text of this length is not evaluated') : text
}

function ascii(text: string): string {
  return /^[\x00-\x7f]*$/.test(text) ? text : unknown('classes of letters beyond ASCII are not evaluated')
}

function filler(fill: Rt | undefined): string {
  return fill === undefined ? ' ' : textArgument(fill, 'padding')
}

function parts(texts: readonly string[]): Rt {
  return tuple(texts.map(str))
}

/** `find(item, start, end)` and `rfind`, in characters. */
function placeIn(text: string, [item, from, to]: readonly Rt[], name: 'find' | 'rfind'): number {
  const all = characters(text)
  const wanted = textArgument(item, name)
  const bound = (value: Rt | undefined, fallback: number): number => {
    if (value === undefined || value.kind === 'none') return fallback
    const place = indexArgument(value, name)
    return Math.min(Math.max(place < 0 ? place + all.length : place, 0), all.length)
  }
  const start = bound(from, 0)
  const part = all.slice(start, Math.max(start, bound(to, all.length))).join('')
  const at = name === 'find' ? part.indexOf(wanted) : part.lastIndexOf(wanted)
  return at < 0 ? -1 : start + characters(part.slice(0, at)).length
}

function ends(wanted: Rt, more: readonly Rt[], test: (item: string) => boolean): Rt {
  if (more.length > 0) return unknown('a test of a part is not evaluated')
  const choices = wanted.kind === 'tuple' ? wanted.items : [wanted]
  return bool(choices.some((choice) => test(textArgument(choice, 'startswith and endswith'))))
}

function strip(text: string, characters: Rt | undefined, left: boolean, right: boolean): string {
  const own = characters === undefined || characters.kind === 'none' ? null : new Set(textArgument(characters, 'strip'))
  const drop = (char: string): boolean => (own === null ? SPACE.test(char) : own.has(char))
  let from = 0
  let to = text.length
  while (left && from < to && drop(text.charAt(from))) from += 1
  while (right && to > from && drop(text.charAt(to - 1))) to -= 1
  return text.slice(from, to)
}

function splitText(text: string, args: readonly Rt[], keywords: ReadonlyMap<string, Rt>, fromRight: boolean): string[] {
  const given = args[0] ?? keywords.get('sep') ?? NONE
  const limitValue = args[1] ?? keywords.get('maxsplit')
  const limit = limitValue === undefined ? -1 : indexArgument(limitValue, 'split')
  if (given.kind === 'none') {
    const words = strip(text, undefined, true, true)
      .split(SPACE)
      .filter((word) => word !== '')
    if (limit < 0 || words.length <= limit + 1) return words
    if (fromRight) return unknown('a limited split at white space from the right is not evaluated')
    const rest = new RegExp(`^[\\s\\x1c-\\x1f\\x85]*(?:[^\\s\\x1c-\\x1f\\x85]+[\\s\\x1c-\\x1f\\x85]+){${limit}}`, 'u')
    return [...words.slice(0, limit), text.replace(rest, '')]
  }
  const by = textArgument(given, 'split')
  if (by === '') return raised('ValueError', 'empty separator')
  const all = text.split(by)
  if (limit < 0 || all.length <= limit + 1) return all
  if (!fromRight) return [...all.slice(0, limit), all.slice(limit).join(by)]
  const head = all.length - limit
  return [all.slice(0, head).join(by), ...all.slice(head)]
}
