/** Packages down, providers across: who takes what from where. Host and missing stand out; empty cells are not drawn. */
import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import type { Source } from '../../package-rows.ts'
import { decisive, model, needsOf, objectAt, objectsOf } from './audit.ts'
import type { Need } from './audit.ts'
import type { Route } from './route.ts'
import { address } from './route.ts'
import { Code, count, Heads, ObjectLink, PackageLink, SOURCE_WORDS } from './words.tsx'

const CELL = 20
const LEFT = 190
const TOP = 150
const LABEL = 25

/** Systems come first: what leaks is what the reader looks for. */
const SYSTEM_COLUMNS = ['missing', 'host', 'driver', 'base'] as const

interface Column {
  /** In the route: a source, or a package's index. */
  readonly id: string
  readonly label: string
  readonly source: Source
}

interface Cell {
  readonly row: number
  readonly column: number
  readonly amount: number
  readonly undeclared: boolean
}

interface Matrix {
  /** Indices of packages. */
  readonly rows: readonly number[]
  readonly columns: readonly Column[]
  readonly cells: readonly Cell[]
}

function build(): Matrix {
  const rows = model.packages.flatMap((item, index) => {
    const takes = SYSTEM_COLUMNS.some((source) => item.amounts[source] > 0) || item.amounts.packages > 0
    return takes ? [index] : []
  })
  const used = new Set(model.edges.map((edge) => edge.to))
  const columns: Column[] = [
    ...SYSTEM_COLUMNS.filter((source) => model.packages.some((item) => item.amounts[source] > 0)).map((source) => ({
      id: source,
      label: SOURCE_WORDS[source],
      source,
    })),
    ...model.packages.flatMap((item, index) =>
      used.has(index) ? [{ id: String(index), label: item.id, source: 'packages' as const }] : [],
    ),
  ]
  const place = new Map(columns.map((column, index) => [column.id, index]))
  const rowOf = new Map(rows.map((item, index) => [item, index]))
  const fromSystems = rows.flatMap((item, row) =>
    SYSTEM_COLUMNS.flatMap((source) => {
      const amount = model.packages[item]?.amounts[source] ?? 0
      return amount > 0 ? [{ row, column: place.get(source) ?? 0, amount, undeclared: false }] : []
    }),
  )
  const fromPackages = model.edges.map((edge) => ({
    row: rowOf.get(edge.from) ?? 0,
    column: place.get(String(edge.to)) ?? 0,
    amount: edge.names,
    undeclared: edge.undeclared,
  }))
  return { rows, columns, cells: [...fromSystems, ...fromPackages] }
}

export function MatrixView({ route }: { readonly route: Route }): JSX.Element {
  const matrix = useMemo(build, [])
  const row = route.id === null ? -1 : Number(route.id)
  const column = route.query.get('from') ?? ''
  return (
    <>
      <h1>Who takes what from where</h1>
      <p class="legend">
        <Key source="missing" text="found nowhere" />
        <Key source="host" text="from the host" />
        <Key source="base" text="from the base" />
        <Key source="packages" text="from a package" />
        <span class="key">
          <svg width="14" height="14" aria-hidden="true">
            <rect x="1" y="1" width="12" height="12" class="cell packages undeclared" />
          </svg>{' '}
          not required
        </span>
      </p>
      <div class="matrix" tabIndex={0} role="region" aria-label="Matrix of packages and providers">
        <div class="corner" />
        <Header matrix={matrix} chosen={column} />
        <Labels matrix={matrix} chosen={row} />
        <Cells matrix={matrix} row={row} column={column} />
      </div>
      {column !== '' && <Detail item={row} from={column} />}
    </>
  )
}

function Key({ source, text }: { readonly source: Source; readonly text: string }): JSX.Element {
  return (
    <span class="key">
      <svg width="14" height="14" aria-hidden="true">
        <rect x="1" y="1" width="12" height="12" class={`cell ${source}`} />
      </svg>{' '}
      {text}
    </span>
  )
}

function shortened(text: string): string {
  const whole = text
  return whole.length > LABEL ? `${whole.slice(0, LABEL - 1)}…` : whole
}

function Header({ matrix, chosen }: { readonly matrix: Matrix; readonly chosen: string }): JSX.Element {
  return (
    <svg class="top" width={matrix.columns.length * CELL + TOP * 0.6} height={TOP} aria-hidden="true">
      {matrix.columns.map((column, index) => (
        <text
          key={column.id}
          class={`${column.source} ${column.id === chosen ? 'centre' : ''}`}
          transform={`translate(${index * CELL + 14} ${TOP - 6}) rotate(-55)`}
        >
          {shortened(column.label)}
        </text>
      ))}
    </svg>
  )
}

function Labels({ matrix, chosen }: { readonly matrix: Matrix; readonly chosen: number }): JSX.Element {
  return (
    <svg class="left" width={LEFT} height={matrix.rows.length * CELL}>
      {matrix.rows.map((item, index) => (
        <a key={item} href={address('package', item)}>
          <title>{model.packages[item]?.id ?? ''}</title>
          <text x={LEFT - 8} y={index * CELL + 14} class={item === chosen ? 'centre' : ''}>
            {shortened(model.packages[item]?.id ?? '')}
          </text>
        </a>
      ))}
    </svg>
  )
}

interface CellsProps {
  readonly matrix: Matrix
  readonly row: number
  readonly column: string
}

function Cells({ matrix, row, column }: CellsProps): JSX.Element {
  const [width, height] = [matrix.columns.length * CELL, matrix.rows.length * CELL]
  return (
    <svg class="cells" width={width + TOP * 0.6} height={height}>
      {matrix.rows.map((item, index) => (
        <line key={item} class="grid" x1="0" x2={width} y1={(index + 1) * CELL} y2={(index + 1) * CELL} />
      ))}
      {matrix.cells.map((cell) => {
        const item = matrix.rows[cell.row] ?? -1
        const from = matrix.columns[cell.column]
        if (from === undefined) return null
        const text = `${model.packages[item]?.id ?? ''} takes ${cell.amount} from ${from.label}${cell.undeclared ? ', not required' : ''}`
        const mark = item === row && from.id === column ? 'centre' : ''
        return (
          <a key={`${cell.row} ${cell.column}`} href={address('matrix', item, { from: from.id })}>
            <title>{text}</title>
            <rect
              class={`cell ${from.source} ${cell.undeclared ? 'undeclared' : ''} ${mark}`}
              x={cell.column * CELL + 1}
              y={cell.row * CELL + 1}
              width={CELL - 2}
              height={CELL - 2}
            />
            <text class="value" x={cell.column * CELL + CELL / 2} y={cell.row * CELL + 14}>
              {cell.amount > 99 ? '99+' : cell.amount}
            </text>
          </a>
        )
      })}
    </svg>
  )
}

/** What stands behind one cell: the names, and the objects that ask for them. */
function Detail({ item, from }: { readonly item: number; readonly from: string }): JSX.Element | null {
  const rows = useMemo(() => taken(item, from), [item, from])
  if (model.packages[item] === undefined) return null
  const provider = model.packages[Number(from)]
  return (
    <section>
      <h2>
        <PackageLink index={item} /> takes {rows.length === 1 ? '1 library' : `${rows.length} libraries`} from{' '}
        {provider === undefined ? from : <PackageLink index={Number(from)} />}
      </h2>
      <table>
        <Heads names={['name', 'file', 'asked for by']} />
        <tbody>
          {rows.map(([name, needs]) => (
            <tr key={name}>
              <td>
                <Code text={model.names[name] ?? ''} />
              </td>
              <td>{fileOf(needs[0])}</td>
              <td>
                {needs[0] !== undefined && <ObjectLink index={needs[0].object} />}
                {needs.length > 1 && <span class="faint"> and {count(needs.length - 1, 'more object')}</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function fileOf(need: Need | undefined): JSX.Element {
  const file = need === undefined ? null : (decisive(need)?.file ?? need.host?.file ?? null)
  return file === null ? <span class="missing">missing</span> : <ObjectLink index={file} whole />
}

function taken(item: number, from: string): readonly (readonly [name: number, needs: readonly Need[]])[] {
  const rows = new Map<number, Need[]>()
  for (const object of objectsOf(item)) {
    for (const need of needsOf(object)) {
      const owner = objectAt(decisive(need)?.file ?? -1)?.owner ?? null
      const fits = owner === null ? need.source === from : String(owner) === from
      if (fits) rows.set(need.name, [...(rows.get(need.name) ?? []), need])
    }
  }
  return [...rows].sort(([a], [b]) => a - b)
}
