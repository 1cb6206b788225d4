/** What part of a drawing is seen: moved by dragging, wheel and keys, and fitted to what there is. */
import type { RefObject } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface View {
  readonly ref: RefObject<SVGSVGElement | null>
  /** Value of `viewBox`. */
  readonly box: string
  /** Below one brings nearer; the middle, or the given point of the drawing, stays where it is. */
  readonly zoom: (factor: number, at?: { readonly x: number; readonly y: number }) => void
  readonly fit: () => void
}

const MARGIN = 20
const NEAREST = 200
const KEY_STEP = 0.15

/** A view on a drawing of the given size. */
export function useView(size: { readonly width: number; readonly height: number }): View {
  const whole: Box = {
    x: -MARGIN,
    y: -MARGIN,
    width: size.width + 2 * MARGIN,
    height: size.height + 2 * MARGIN,
  }
  const [box, setBox] = useState(whole)
  const ref = useRef<SVGSVGElement>(null)
  const zoom: View['zoom'] = (factor, at) =>
    setBox((now) => {
      const width = Math.min(Math.max(now.width * factor, NEAREST), whole.width * 2)
      const scale = width / now.width
      const point = at ?? { x: now.x + now.width / 2, y: now.y + now.height / 2 }
      return {
        x: point.x - (point.x - now.x) * scale,
        y: point.y - (point.y - now.y) * scale,
        width,
        height: now.height * scale,
      }
    })
  useEffect(() => (ref.current === null ? undefined : listen(ref.current, zoom, setBox)), [])
  return { ref, zoom, fit: () => setBox(whole), box: `${box.x} ${box.y} ${box.width} ${box.height}` }
}

type SetBox = (change: (now: Box) => Box) => void

function listen(svg: SVGSVGElement, zoom: View['zoom'], setBox: SetBox): () => void {
  const stop = new AbortController()
  const { signal } = stop
  const move = (dx: number, dy: number): void => setBox((now) => ({ ...now, x: now.x + dx, y: now.y + dy }))
  let held: DOMPoint | null = null
  svg.addEventListener(
    'wheel',
    (event) => {
      // A page that scrolls past the drawing is not to be caught by it: zooming needs a key, or a pinch.
      if (!event.ctrlKey && !event.metaKey) return
      event.preventDefault()
      zoom(Math.exp(event.deltaY / 300), pointOf(svg, event))
    },
    { signal, passive: false },
  )
  svg.addEventListener('pointerdown', (event) => (held = pointOf(svg, event)), { signal })
  svg.addEventListener(
    'pointermove',
    (event) => {
      if (held === null || event.buttons === 0) return
      const now = pointOf(svg, event)
      move(held.x - now.x, held.y - now.y)
    },
    { signal },
  )
  svg.addEventListener('pointerup', () => (held = null), { signal })
  svg.addEventListener('keydown', (event) => onKey(event, zoom, setBox), { signal })
  return () => stop.abort()
}

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

function onKey(event: KeyboardEvent, zoom: View['zoom'], setBox: SetBox): void {
  const arrow = ARROWS[event.key]
  if (arrow !== undefined) {
    const [dx, dy] = arrow
    setBox((now) => ({ ...now, x: now.x + dx * now.width * KEY_STEP, y: now.y + dy * now.height * KEY_STEP }))
  } else if (event.key === '+') zoom(0.75)
  else if (event.key === '-') zoom(1.33)
  else return
  event.preventDefault()
}

function pointOf(svg: SVGSVGElement, event: MouseEvent): DOMPoint {
  const matrix = svg.getScreenCTM()?.inverse()
  return new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix)
}
