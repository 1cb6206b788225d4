/** Where the reader is: the page's address after `#`, so that every view can be linked, opened again and gone back to. */
import { useEffect, useState } from 'preact/hooks'

export interface Route {
  /** `overview`, `findings`, `matrix`, `graph`, `package`, `object`. */
  readonly view: string
  /** What the view is about: an index or an id, null without. */
  readonly id: string | null
  readonly query: ReadonlyMap<string, string>
}

/** Reads an address such as `#/package/12?tab=needs`. What does not parse leads to the overview. */
function parseRoute(hash: string): Route {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split('?', 2)
  const [view = '', id = null] = path.split('/', 2)
  return { view: view === '' ? 'overview' : view, id, query: new Map(new URLSearchParams(search)) }
}

/** The address of a view. Empty values are left out. */
export function address(view: string, id: number | string | null = null, query: Record<string, string> = {}): string {
  const search = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== '')).toString()
  return `#/${view}${id === null ? '' : `/${id}`}${search === '' ? '' : `?${search}`}`
}

/** The present route; the view is drawn again when it changes. */
export function useRoute(): Route {
  const [route, setRoute] = useState(() => parseRoute(location.hash))
  useEffect(() => {
    const follow = (): void => setRoute(parseRoute(location.hash))
    addEventListener('hashchange', follow)
    return () => removeEventListener('hashchange', follow)
  }, [])
  return route
}

/** Changes the query of the present view without a step in the history: what is typed is not gone back through. */
export function refine(route: Route, changes: Record<string, string>): void {
  const query = { ...Object.fromEntries(route.query), ...changes }
  history.replaceState(null, '', address(route.view, route.id, query))
  dispatchEvent(new HashChangeEvent('hashchange'))
}

export function go(to: string): void {
  location.hash = to
}
