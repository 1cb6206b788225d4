/** `why` for a person: the chain of who asks, the trail as the loader walked it, the winner and the losers. */
import { printable } from '../domain/bytes.ts'
import type { Verdict } from '../domain/closure.ts'
import { howText } from './closure-tree.ts'
import { columns, count, some, wrap } from './layout.ts'
import type { Style } from './style.ts'
import type { Why, WhyAnswer, WhyCandidate, WhyFile, WhyWorld } from './why.ts'

export interface WhyOptions {
  readonly style: Style
  readonly width: number | null
  /** Every asker and every absent candidate. */
  readonly all: boolean
}

const ASKERS = 6
/** A run of candidates that are just not there is folded from this length on. */
const RUN = 6

const VERDICTS: Record<Verdict, string> = {
  won: 'taken',
  absent: 'not there',
  unreadable: 'cannot be read: passed over',
  'wrong-class': 'wrong ELF class: passed over',
  'wrong-machine': 'for another machine: passed over',
  'wrong-flags': 'for another ABI: passed over',
  'kernel-too-new': 'wants a newer kernel: passed over',
  'below-system-folder': 'in a system folder, which this object does not search',
  'list-ended': 'the search ends here',
  fatal: 'ends the loading',
}

/** The whole answer with its line feed. */
export function whyText(why: Why, options: WhyOptions): string {
  const blocks = why.contexts.flatMap((context) =>
    context.worlds.flatMap((world) => [
      `${options.style.strong(printable(why.name))} in ${printable(context.context)}, ${world.world} ${printable(world.system)}`,
      ...worldBlocks(world, options),
    ]),
  )
  return `${blocks.join('\n\n')}\n`
}

function worldBlocks(world: WhyWorld, options: WhyOptions): readonly string[] {
  if (world.answers.length === 0) return ['nobody asks for it here']
  return world.answers.map((answer) => answerLines(answer, options).join('\n'))
}

function answerLines(answer: WhyAnswer, options: WhyOptions): readonly string[] {
  const { style, width } = options
  const askers = `${count(answer.askers.length, 'object')}: ${some(answer.askers, options.all ? Infinity : ASKERS)}`
  const winner =
    answer.winner === null
      ? style.missing('nothing: it is found nowhere')
      : `${style.strong(fileText(answer.winner))} ${style.faint(`[${howText(answer.how)}]`)}`
  return [
    `wins      ${winner}`,
    wrap(`wanted by ${askers}`, width, '', 10),
    ...chainLines(answer, options),
    'tried',
    ...trailLines(answer.trail, options),
    ...answer.losers.map((loser) => wrap(`loses     ${fileText(loser)}: ${printable(loser.because)}`, width, '', 10)),
    `the real loader shows the same${answer.commandRoot === null ? '' : ` inside ${printable(answer.commandRoot)}`}, and runs nothing:`,
    `  ${printable(answer.command)}`,
  ]
}

function fileText(file: WhyFile): string {
  return printable(file.owner === null ? file.path : `${file.path} (${file.owner})`)
}

function chainLines(answer: WhyAnswer, { style }: WhyOptions): readonly string[] {
  return answer.chain.map((link, depth) => {
    const tool = link.tool ? style.faint(' tool') : ''
    const owner = link.owner === null ? '' : ` (${link.owner})`
    return `  ${depth === 0 ? '' : `${'  '.repeat(depth - 1)}└ `}${printable(link.path + owner)}${tool}`
  })
}

function trailLines(trail: readonly WhyCandidate[], options: WhyOptions): readonly string[] {
  if (trail.length === 0) return ['  nothing: no search is made']
  const rows: string[][] = []
  for (let at = 0; at < trail.length; at += 1) {
    const candidate = trail[at]
    if (candidate === undefined) break
    const run = options.all ? 0 : absentRun(trail, at)
    if (run >= RUN) {
      rows.push(candidateRow(candidate), ['', `… ${run - 2} more folders of the same list …`, ''])
      at += run - 2
    } else rows.push(candidateRow(candidate))
  }
  const table = ['', '', ''].map((title) => ({ title, align: 'left' }) as const)
  return columns(table, rows, { mark: (cell, row, column) => mark(cell, rows[row]?.[2] ?? '', column, options.style) })
    .slice(1)
    .map((line) => `  ${line}`)
}

function mark(cell: string, verdict: string, column: number, style: Style): string {
  if (verdict.startsWith('taken')) return column === 2 ? style.strong(cell) : cell
  return verdict.startsWith('not there') ? style.faint(cell) : column === 2 ? style.leak(cell) : cell
}

/** How many candidates from here on are of one stage and simply not there. */
function absentRun(trail: readonly WhyCandidate[], from: number): number {
  const stage = trail[from]?.stage
  let at = from
  while (trail[at]?.stage === stage && trail[at]?.verdict === 'absent') at += 1
  return at - from
}

function candidateRow(candidate: WhyCandidate): string[] {
  const reason = candidate.reason === null ? '' : ` (${candidate.reason})`
  const origin = candidate.origin === null || candidate.verdict === 'absent' ? '' : `, named by ${candidate.origin}`
  return [howText(candidate.stage), printable(candidate.path), printable(VERDICTS[candidate.verdict] + reason + origin)]
}
