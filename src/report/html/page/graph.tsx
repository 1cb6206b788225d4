/** The graph of packages: who loads files of whom. Zoom, search, filters, the way between two. */
import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import type { PageEdge, PagePackage } from '../model.ts'
import { model } from './audit.ts'
import { between, neighbours } from './graph-paths.ts'
import type { Route } from './route.ts'
import { address, go, refine } from './route.ts'
import { useView } from './view-box.ts'
import { count, PackageLink } from './words.tsx'

const WIDTH = 190
const HEIGHT = 22
const GAP_X = 90
const GAP_Y = 8
const LABEL = 28
/** What the number at a node's right end takes of its name. */
const AMOUNT = 5

function x(item: PagePackage): number {
  return item.column * (WIDTH + GAP_X)
}

function y(item: PagePackage): number {
  return item.row * (HEIGHT + GAP_Y)
}

const bounds = {
  width: Math.max(400, ...model.packages.map((item) => x(item) + WIDTH)),
  height: Math.max(200, ...model.packages.map((item) => y(item) + HEIGHT)),
}

export function Graph({ route }: { readonly route: Route }): JSX.Element {
  const centre = route.id === null ? null : Number(route.id)
  const lit = useMemo(() => chosen(route, centre), [route, centre])
  return (
    <>
      <h1>Packages, and whose files they load</h1>
      <Controls route={route} lit={lit} />
      <Drawing centre={centre} lit={lit} />
      {centre !== null && <Neighbours centre={centre} />}
    </>
  )
}

/** The packages that the route's filters leave; null where nothing is filtered. */
function chosen(route: Route, centre: number | null): ReadonlySet<number> | null {
  const from = packageBy(route.query.get('from'))
  const to = packageBy(route.query.get('to'))
  if (from !== null && to !== null) return between(model.edges, from, to)
  if (route.query.get('only') === 'leaks') {
    return new Set(
      model.packages.flatMap((item, index) => (item.amounts.host > 0 || item.amounts.missing > 0 ? [index] : [])),
    )
  }
  return centre === null ? null : neighbours(model.edges, centre)
}

/** A package by its id, or by its bare name where that is enough. */
function packageBy(text: string | undefined): number | null {
  if (text === undefined || text === '') return null
  const exact = model.packages.findIndex((item) => item.id === text)
  if (exact >= 0) return exact
  const named = model.packages.findIndex((item) => item.name === text)
  return named < 0 ? null : named
}

function Controls({ route, lit }: { readonly route: Route; readonly lit: ReadonlySet<number> | null }): JSX.Element {
  const find = (text: string): void => {
    const index = packageBy(text)
    if (index !== null) go(address('graph', index))
  }
  return (
    <form class="filters" onSubmit={(event) => event.preventDefault()}>
      <datalist id="packages">
        {model.packages.map((item) => (
          <option key={item.id} value={item.id} />
        ))}
      </datalist>
      <input
        type="search"
        id="search"
        list="packages"
        placeholder="Find a package   /"
        aria-label="Find a package"
        onChange={(event) => find(event.currentTarget.value)}
      />
      <PathEnd route={route} name="from" />
      <PathEnd route={route} name="to" />
      <label>
        <input
          type="checkbox"
          checked={route.query.get('only') === 'leaks'}
          onChange={(event) => refine(route, { only: event.currentTarget.checked ? 'leaks' : '' })}
        />{' '}
        only what leaks or misses
      </label>
      {(lit !== null || route.query.size > 0) && <a href={address('graph')}>show all</a>}
      <span class="faint" role="status">
        {lit === null ? count(model.packages.length, 'package') : `${lit.size} of ${model.packages.length} packages`}
      </span>
    </form>
  )
}

function PathEnd({ route, name }: { readonly route: Route; readonly name: 'from' | 'to' }): JSX.Element {
  return (
    <label>
      <span class="faint">{name === 'from' ? 'way from' : 'to'}</span>
      <input
        type="text"
        name={name}
        list="packages"
        value={route.query.get(name) ?? ''}
        onChange={(event) => refine(route, { [name]: event.currentTarget.value })}
      />
    </label>
  )
}

function Drawing({
  centre,
  lit,
}: {
  readonly centre: number | null
  readonly lit: ReadonlySet<number> | null
}): JSX.Element {
  const view = useView(bounds)
  return (
    <div class="drawing">
      <div class="zoom">
        <button type="button" onClick={() => view.zoom(0.75)} aria-label="Zoom in">
          +
        </button>
        <button type="button" onClick={() => view.zoom(1.33)} aria-label="Zoom out">
          −
        </button>
        <button type="button" onClick={view.fit}>
          fit
        </button>
      </div>
      <svg ref={view.ref} viewBox={view.box} role="group" aria-label="Graph of packages" class="graph">
        <g>
          {model.edges.map((edge) => (
            <Edge key={`${edge.from} ${edge.to}`} edge={edge} centre={centre} lit={lit} />
          ))}
        </g>
        {model.packages.map((item, index) => (
          <Node key={index} item={item} index={index} centre={centre} lit={lit} />
        ))}
      </svg>
    </div>
  )
}

interface LightProps {
  readonly centre: number | null
  readonly lit: ReadonlySet<number> | null
}

function Edge({ edge, centre, lit }: LightProps & { readonly edge: PageEdge }): JSX.Element | null {
  const from = model.packages[edge.from]
  const to = model.packages[edge.to]
  if (from === undefined || to === undefined) return null
  const [x1, y1, x2, y2] = [x(from) + WIDTH, y(from) + HEIGHT / 2, x(to), y(to) + HEIGHT / 2]
  // Arrows within a circle of packages go back to the left: they bow out.
  const bow = Math.max(40, Math.abs(x2 - x1) / 2)
  const touches = centre === null || edge.from === centre || edge.to === centre
  const isLit = lit === null ? null : touches && lit.has(edge.from) && lit.has(edge.to)
  const mark = [edge.undeclared ? 'undeclared' : '', isLit === null ? '' : isLit ? 'lit' : 'dim'].join(' ')
  return <path class={`edge ${mark}`} d={`M${x1} ${y1}C${x1 + bow} ${y1} ${x2 - bow} ${y2} ${x2} ${y2}`} />
}

function Node({
  item,
  index,
  centre,
  lit,
}: LightProps & { readonly item: PagePackage; readonly index: number }): JSX.Element {
  const mark = item.amounts.missing > 0 ? 'missing' : item.amounts.host > 0 ? 'leak' : ''
  const dim = lit !== null && !lit.has(index) ? 'dim' : ''
  const text = item.id
  const taken = item.amounts.host + item.amounts.missing
  const room = taken > 0 ? LABEL - AMOUNT : LABEL
  return (
    <a href={address('graph', index)} class={`node ${mark} ${dim} ${index === centre ? 'centre' : ''}`}>
      <title>{`${text}: ${item.amounts.host} from the host, ${item.amounts.missing} missing`}</title>
      <rect x={x(item)} y={y(item)} width={WIDTH} height={HEIGHT} rx="3" />
      <text x={x(item) + 7} y={y(item) + 15}>
        {text.length > room ? `${text.slice(0, room - 1)}…` : text}
      </text>
      {taken > 0 && (
        <text class="amount" x={x(item) + WIDTH - 6} y={y(item) + 15}>
          {taken}
        </text>
      )}
    </a>
  )
}

/** The same in words, for those who do not see the drawing. */
function Neighbours({ centre }: { readonly centre: number }): JSX.Element | null {
  if (model.packages[centre] === undefined) return null
  const uses = model.edges.filter((edge) => edge.from === centre)
  const users = model.edges.filter((edge) => edge.to === centre)
  return (
    <section>
      <h2>
        <PackageLink index={centre} />
      </h2>
      <EdgeList title="loads files of" edges={uses} end="to" />
      <EdgeList title="is loaded by" edges={users} end="from" />
    </section>
  )
}

interface EdgeListProps {
  readonly title: string
  readonly edges: readonly PageEdge[]
  readonly end: 'from' | 'to'
}

function EdgeList({ title, edges, end }: EdgeListProps): JSX.Element | null {
  if (edges.length === 0) return null
  return (
    <>
      <h3>
        {title} {count(edges.length, 'package')}
      </h3>
      <ul class="inline">
        {edges.map((edge) => (
          <li key={edge[end]}>
            <PackageLink index={edge[end]} />{' '}
            <span class="faint">{edge.names === 1 ? '1 library' : `${edge.names} libraries`}</span>
            {edge.undeclared && <span class="leak"> not required</span>}
          </li>
        ))}
      </ul>
    </>
  )
}
