/** Tags of an XML text with their attributes and text, as far as package metadata needs them; nothing is resolved or loaded. */

export type XmlToken =
  | {
      readonly kind: 'open'
      readonly name: string
      readonly attributes: ReadonlyMap<string, string>
      readonly offset: number
    }
  | { readonly kind: 'close'; readonly name: string; readonly text: string; readonly offset: number }
  | { readonly kind: 'fault'; readonly offset: number; readonly message: string }

/** A tag of package metadata has a few hundred bytes. */
const MAX_TAG = 64 * 1024

/** Tags in order; an empty element is opened and closed. A fault is the last token. */
export function* xmlTokens(text: string): Generator<XmlToken> {
  let textFrom = 0
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at)) {
    const [skipped, ending] = special(text, at)
    const close = text.indexOf(ending, at + skipped)
    if (close < 0 || (ending === '>' && close - at > MAX_TAG)) {
      yield { kind: 'fault', offset: at, message: `expected ${ending} to end what begins here` }
      return
    }
    const after = close + ending.length
    if (ending === '>' && text[at + 1] !== '!') {
      const body = text.slice(at + 1, close)
      if (body.startsWith('/')) {
        yield { kind: 'close', name: body.slice(1).trim(), text: unescape(text.slice(textFrom, at)).trim(), offset: at }
      } else {
        const name = /^[^\s/]+/.exec(body)?.[0] ?? ''
        yield { kind: 'open', name, attributes: attributesOf(body), offset: at }
        if (body.endsWith('/')) yield { kind: 'close', name, text: '', offset: at }
      }
      textFrom = after
    }
    at = after
  }
}

/** Comments, CDATA and instructions have endings of their own. */
function special(text: string, at: number): readonly [number, string] {
  if (text.startsWith('<!--', at)) return [4, '-->']
  if (text.startsWith('<![CDATA[', at)) return [9, ']]>']
  if (text.startsWith('<?', at)) return [2, '?>']
  return [1, '>']
}

function attributesOf(body: string): ReadonlyMap<string, string> {
  const out = new Map<string, string>()
  for (const [, name = '', double, single] of body.matchAll(/\s([^\s=/"']{1,64})=(?:"([^"]*)"|'([^']*)')/g)) {
    out.set(name, unescape(double ?? single ?? ''))
  }
  return out
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

function unescape(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(lt|gt|amp|quot|apos));/g, (whole, decimal, hex, name) => {
    if (typeof name === 'string') return ENTITIES[name] ?? whole
    const code = typeof decimal === 'string' ? Number(decimal) : Number.parseInt(String(hex), 16)
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}
