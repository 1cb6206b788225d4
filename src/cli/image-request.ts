/** What the image commands share: their options, and the image that they ask for. */
import type { PlanQuestion } from '../app/image-plan.ts'
import type { Relocation } from '../runtime/relocate.ts'
import { auditOptions, baselineOptions, contextOptions } from './audit-request.ts'
import { UsageError } from './exit.ts'
import type { Output } from './output.ts'
import type { Arguments, OptionSpec } from './spec.ts'

/** More, and engines slow down or refuse (docker and overlayfs take some 125). */
const MOST_LAYERS = 100

export const imageOptions: readonly OptionSpec[] = [
  ...contextOptions,
  ...baselineOptions.filter(({ name }) => name === 'baseline'),
  {
    name: 'relocate',
    value: 'FROM=TO',
    repeat: true,
    help: 'packages below FROM stand below TO in the image; the environment follows',
  },
  { name: 'layers', value: 'COUNT', help: `how many layers there may be, the base's among them (${MOST_LAYERS})` },
  { name: 'tag', value: 'NAME:TAG', help: 'the name of the image (default: that of the context, and latest)' },
  { name: 'label', value: 'NAME=TEXT', repeat: true, help: 'a label of the configuration' },
  { name: 'annotation', value: 'NAME=TEXT', repeat: true, help: 'an annotation of the manifest' },
]

/** Says the notes of a report, and which host was chosen as what it is. */
export function sayNotes(notes: readonly string[], output: Output): void {
  for (const note of notes) {
    if (note.startsWith('host: ')) output.say(note)
    else output.note(note)
  }
}

/** The image that the arguments ask for. */
export function imageQuestion(args: Arguments, output: Output): PlanQuestion {
  return {
    audit: auditOptions(args, args.positionals, output),
    relocations: args.values('relocate').map(parseRelocation),
    epoch: sourceDate(),
    layers: layerCount(args.value('layers')),
    reference: reference(args),
    labels: pairs(args, 'label'),
    annotations: pairs(args, 'annotation'),
  }
}

/** `FROM=TO`, both absolute folders. */
export function parseRelocation(text: string): Relocation {
  const at = text.indexOf('=')
  const from = text.slice(0, at).replace(/(.)\/+$/, '$1')
  const to = text.slice(at + 1).replace(/(.)\/+$/, '$1')
  if (at > 1 && from.startsWith('/') && to.startsWith('/')) return { from, to }
  throw new UsageError(`--relocate is '${text}'`, 'two absolute folders were expected: --relocate /studio/rez=/rez')
}

/** SOURCE_DATE_EPOCH (reproducible-builds.org); what is no number of seconds is an error, not a wish to ignore. */
function sourceDate(): number | null {
  const text = process.env['SOURCE_DATE_EPOCH']
  if (text === undefined || text === '') return null
  if (/^\d{1,12}$/.test(text)) return Number(text)
  throw new UsageError(`SOURCE_DATE_EPOCH is '${text}'`, 'seconds since 1970 were expected, such as 1735689600')
}

function layerCount(text: string | null): number {
  if (text === null) return MOST_LAYERS
  const count = Number(text)
  if (Number.isInteger(count) && count >= 4 && count <= MOST_LAYERS) return count
  throw new UsageError(`--layers is '${text}'`, `a number from 4 to ${MOST_LAYERS} was expected`)
}

/** distribution-spec: names in lower case, tags of letters, digits and `._-`. */
const REFERENCE = /^[a-z0-9]+(?:[._:/-]+[a-z0-9]+)*:[\w][\w.-]{0,127}$/

function reference(args: Arguments): string {
  const given = args.value('tag')
  const first = args.positionals[0] ?? 'image'
  const name = (first.split('/').at(-1) ?? first).replace(/\.rxt$/, '')
  const plain =
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '') || 'image'
  const text = given === null ? plain : given
  const whole = text.lastIndexOf(':') > text.lastIndexOf('/') ? text : `${text}:latest`
  if (REFERENCE.test(whole)) return whole
  throw new UsageError(
    `--tag is '${text}'`,
    'NAME:TAG was expected, with a name in lower case: --tag studio/lighting:1.0',
  )
}

function pairs(args: Arguments, option: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    args.values(option).map((text): [string, string] => {
      const at = text.indexOf('=')
      if (at > 0) return [text.slice(0, at), text.slice(at + 1)]
      throw new UsageError(`--${option} is '${text}'`, `NAME=TEXT was expected: --${option} org.example.team=lighting`)
    }),
  )
}
