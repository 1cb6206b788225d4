/** The page: the bar above, one view below, the keys. */
import type { JSX } from 'preact'
import { render } from 'preact'
import { useEffect } from 'preact/hooks'
import { model } from './audit.ts'
import { Findings } from './findings.tsx'
import { Graph } from './graph.tsx'
import { MatrixView } from './matrix.tsx'
import { ObjectPage } from './object.tsx'
import { Overview } from './overview.tsx'
import { PackagePage } from './package.tsx'
import type { Route } from './route.ts'
import { address, go, useRoute } from './route.ts'

/** Views in the bar, with their keys. */
const VIEWS: readonly (readonly [view: string, label: string, key: string])[] = [
  ['overview', 'Overview', 'o'],
  ['findings', 'Findings', 'f'],
  ['matrix', 'Matrix', 'm'],
  ['graph', 'Graph', 'g'],
]

function Page(): JSX.Element {
  const route = useRoute()
  useEffect(() => {
    window.scrollTo(0, 0)
  }, [route.view, route.view === 'package' || route.view === 'object' ? route.id : null])
  useEffect(() => {
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [])
  return (
    <>
      <header>
        <a class="name" href={address('overview')}>
          Airtight
        </a>
        <nav aria-label="Views">
          {VIEWS.map(([view, label, key]) => (
            <a
              key={view}
              href={address(view)}
              aria-current={view === route.view ? 'page' : undefined}
              title={`key ${key}`}
            >
              {label}
            </a>
          ))}
        </nav>
        <span class="right faint">{model.tool}</span>
      </header>
      <main>
        <Content route={route} />
      </main>
    </>
  )
}

function Content({ route }: { readonly route: Route }): JSX.Element {
  switch (route.view) {
    case 'findings':
      return <Findings route={route} />
    case 'matrix':
      return <MatrixView route={route} />
    case 'graph':
      return <Graph route={route} />
    case 'package':
      return <PackagePage id={route.id} key={route.id} />
    case 'object':
      return <ObjectPage id={route.id} key={route.id} />
    default:
      return <Overview />
  }
}

/** One key for each view, `/` for the search of the view; never while something is typed. */
function onKey(event: KeyboardEvent): void {
  const { target } = event
  if (event.ctrlKey || event.metaKey || event.altKey) return
  if (target instanceof HTMLElement && /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName)) {
    if (event.key === 'Escape') target.blur()
    return
  }
  if (event.key === '/') {
    const search = document.getElementById('search')
    if (search === null) go(address('findings'))
    else search.focus()
    event.preventDefault()
    return
  }
  const view = VIEWS.find(([, , key]) => key === event.key)
  if (view !== undefined) go(address(view[0]))
}

const app = document.getElementById('app')
if (app !== null) render(<Page />, app)
