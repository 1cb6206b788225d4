/** What a program of a declared studio was seen to load. */
import type { Observation, ObservedLoad } from '../../src/domain/observed.ts'

export interface StudioRun {
  /** Where it ran, default host. */
  readonly world?: 'host' | 'base'
  /** Path of the program; `{repository}` stands for the folder of the repository. */
  readonly program: string
  /** As {@link ObservedLoad}, paths likewise; what is left out: asked by the program, needed at its start, loaded. */
  readonly loads: readonly (Pick<ObservedLoad, 'name' | 'file'> & Partial<ObservedLoad>)[]
}

/** The run as an observation. */
export function observationOf(run: StudioRun, repository: string): Observation {
  const fill = (text: string): string => text.replaceAll('{repository}', repository)
  const loads = run.loads.map((load): ObservedLoad => ({
    by: null,
    opened: false,
    how: null,
    outcome: load.file === null ? 'missing' : 'loaded',
    ...load,
    name: fill(load.name),
    file: load.file === null ? null : fill(load.file),
    ...(load.by == null ? {} : { by: fill(load.by) }),
  }))
  const program = fill(run.program)
  return {
    processes: [{ pid: 1, parent: null, name: program, program, source: 'trace', loads }],
    faults: [],
    notes: [],
  }
}
