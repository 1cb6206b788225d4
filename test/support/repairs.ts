/** Repair files for declared studios: what is written by hand or by a plan, laid over the worlds of an audit. */
import type { EnvEntry, GraftEntry, RepairFile } from '../../src/domain/repair.ts'
import { fileDigest } from '../../src/tree/digest.ts'
import type { StudioSpec } from './studio.ts'
import { inSystem } from './studio.ts'

/** The file of the context with some sections. */
export function contextFile(sections: Partial<RepairFile>): RepairFile {
  return { kind: 'context', subject: { context: 'studio', requests: [], packages: {} }, ...sections }
}

/** A graft of a library of the host's own folder; a digest that nobody knows is all zeros. */
export function graftOf(name: string, sha256: string | null): GraftEntry {
  return {
    source: { kind: 'host', path: `/${inSystem(name)}` },
    sha256: sha256 ?? '0'.repeat(64),
    dest: `{graft}/lib/${name}`,
    visible_to: ['*'],
    licence: { redistribution: 'review' },
  }
}

/** A repair file that grafts libraries of the host into the image; `change` makes another digest of the right one. */
export function grafts(
  names: readonly string[],
  change: (sha256: string) => string = (sha256) => sha256,
): NonNullable<StudioSpec['repairs']> {
  const append: EnvEntry = { op: 'append', fixes: ['HST002'] }
  return (_, host) => {
    const entries = names.map((name): [string, GraftEntry] => {
      const digest = host === null ? null : fileDigest(host.tree, `/${inSystem(name)}`)
      return [name, graftOf(name, digest === null ? null : change(digest))]
    })
    const file = contextFile({
      grafts: Object.fromEntries(entries),
      env: { LD_LIBRARY_PATH: { '{graft}/lib': append } },
    })
    return [{ path: 'contexts/studio.yaml', file }]
  }
}
