/** The state of one evaluation: its budget, its place in the text, and what it reports to. */
import type { MachineFacts } from './facts.ts'
import type { Frame, FunctionObject, HostObject, Rt, UnknownBinding } from './runtime.ts'
import type { Span, Statement } from './syntax.ts'

/** Nodes that one evaluation visits at most. */
const MAX_STEPS = 200_000
/** Calls of local functions inside each other. */
export const MAX_CALLS = 20

export interface Machine {
  readonly facts: MachineFacts
  steps: number
  calls: number
  /** Bodies of `try` that are being run. */
  tries: number
  /** The text that spans of the running code point into. */
  text: string
  /** The statement that runs. */
  at?: Span
  /** Calls a local function. */
  readonly call: (
    machine: Machine,
    target: FunctionObject,
    args: readonly Rt[],
    keywords: ReadonlyMap<string, Rt>,
  ) => Rt
  /** A module of a package by its name, from a folder that the code put on `sys.path`; null where there is none. */
  readonly imported?: (machine: Machine, name: string) => HostObject | UnknownBinding | null
  /** Takes a statement that was not evaluated. */
  readonly report: (text: string, at: Span, reason: string) => void
  /** Takes what is to be said of code that was evaluated. */
  readonly note?: (at: Span, text: string) => void
  /**
   * Told of all code that was passed over, so that the host can mark what it might have changed; `textOf` gives what a
   * name in it stands for, null where that is not known.
   */
  readonly skipped: (code: readonly Statement[], reason: string, textOf?: (name: string) => string | null) => void
  /** Told of each statement that is about to run, and of code that will not because what comes before it is not known. */
  readonly watch?: Watcher
}

/** How a block ended; `lost` where it is not known which statement comes next. */
export type Flow = 'next' | 'break' | 'continue' | 'lost' | { readonly value: Rt }

/** Follows an evaluation statement by statement. */
export interface Watcher {
  ran(statement: Statement): void
  lost(code: readonly Statement[], reason: string): void
  /** Told of the line of a statement that puts something of the caller's shell into the environment. */
  refers?(line: number): void
}

/** Ends a whole evaluation; caught where it began. */
export class LimitReached extends Error {}

/** Counts one step against the budget. */
export function step(machine: Machine): void {
  machine.steps += 1
  if (machine.steps > MAX_STEPS) throw new LimitReached('the code takes more steps than are evaluated')
}

/** The binding of a name in a frame or one around it. */
export function lookup(frame: Frame, name: string): Rt | UnknownBinding | null {
  for (let at: Frame | null = frame; at !== null; at = at.parent) {
    const found = at.names.get(name)
    if (found !== undefined) return found
  }
  return null
}
