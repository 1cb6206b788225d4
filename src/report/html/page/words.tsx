/** Small parts that all views share: names, links, severities, counts. */
import type { JSX } from 'preact'
import type { Severity, WorldName } from '../../../domain/audit.ts'
import type { Source } from '../../package-rows.ts'
import type { Need } from './audit.ts'
import { model, ownerName, shortPath } from './audit.ts'
import { address } from './route.ts'

/** `1 error`, `2 errors`, `3 libraries`. */
export function count(amount: number, word: string): string {
  const plural = word.endsWith('y') ? `${word.slice(0, -1)}ies` : `${word}s`
  return `${amount.toLocaleString('en-US')} ${amount === 1 ? word : plural}`
}

/** A file or a name as code; the report holds only printable text (html.ts). */
export function Code({ text, title }: { readonly text: string; readonly title?: string }): JSX.Element {
  return <code title={title}>{text}</code>
}

const SEVERITY_SIGNS: Record<string, string> = { error: '●', warn: '▲', note: '○' }

/** Shape and word, not colour alone. */
export function SeverityMark({ severity }: { readonly severity: Severity }): JSX.Element {
  return (
    <span class={`severity ${severity}`}>
      <span aria-hidden="true">{SEVERITY_SIGNS[severity] ?? ''}</span> {severity}
    </span>
  )
}

export function PackageLink({ index }: { readonly index: number }): JSX.Element {
  return <a href={address('package', index)}>{model.packages[index]?.id ?? '?'}</a>
}

export function ObjectLink({ index, whole }: { readonly index: number; readonly whole?: boolean }): JSX.Element {
  const text = whole === true ? (model.objects[index]?.path ?? '?') : shortPath(index)
  return (
    <a class="file" href={address('object', index)}>
      <Code text={text} title={model.objects[index]?.path ?? ''} />
    </a>
  )
}

/** The heads of a table's columns: those of text, then those of numbers. */
export function Heads({
  names,
  numbers = [],
}: {
  readonly names: readonly string[]
  readonly numbers?: readonly string[]
}): JSX.Element {
  return (
    <thead>
      <tr>
        {names.map((name) => (
          <th scope="col" key={name}>
            {name}
          </th>
        ))}
        {numbers.map((name) => (
          <th scope="col" key={name} class="number">
            {name}
          </th>
        ))}
      </tr>
    </thead>
  )
}

/** The winner of one need in one world; what only the host lends stands out, what the base has as well does not. */
export function AnswerCell({ need, world }: { readonly need: Need; readonly world: WorldName }): JSX.Element {
  const answer = need[world]
  if (answer === null) return <td class="faint">not asked</td>
  if (answer.file === null) return <td class="missing">missing</td>
  const leak = answer.provider === 'host' && need.source === 'host'
  return (
    <td class={leak ? 'leak' : ''}>
      <ObjectLink index={answer.file} />{' '}
      <span class="faint">
        {ownerName(answer.file)} · {answer.how}
      </span>
    </td>
  )
}

export const SOURCE_WORDS: Record<Source, string> = {
  own: 'own files',
  packages: 'other packages',
  base: 'base',
  driver: 'driver',
  host: 'host',
  missing: 'missing',
}

/** A number that says nothing when it is nought, and stands out where it leaks. */
export function Amount({ value, source }: { readonly value: number; readonly source: Source }): JSX.Element {
  const mark = value === 0 ? 'faint' : source === 'missing' ? 'missing' : source === 'host' ? 'leak' : ''
  return <td class={`number ${mark}`}>{value === 0 ? '·' : value.toLocaleString('en-US')}</td>
}

/** Rows that are drawn when the reader asks for more, so that thousands cost nothing. */
export function More({ left, show }: { readonly left: number; readonly show: () => void }): JSX.Element | null {
  if (left <= 0) return null
  return (
    <button type="button" class="more" onClick={show}>
      {count(left, 'row')} more
    </button>
  )
}
