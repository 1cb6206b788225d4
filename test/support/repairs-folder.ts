/** A folder of repairs as `repair` leaves it, from files that are declared. */
import { join } from 'node:path'
import type { RepairFile } from '../../src/domain/repair.ts'
import type { Lock } from '../../src/repair/lock.ts'
import { writeLock } from '../../src/repair/lock.ts'
import { writeRepairFile } from '../../src/repair/write.ts'
import { makeFolder } from './system/folder.ts'

export interface RepairsSpec {
  /** Of the context `c`: its sections. */
  readonly context: Partial<RepairFile>
  /** By path below the folder. */
  readonly packages?: Readonly<Record<string, RepairFile>>
  /** Payload roots by package. */
  readonly places?: Lock['places']
  readonly host?: string
  /** Other sources of grafts, by name. */
  readonly sources?: Lock['sources']
}

/** Writes the folder, with the lock of the context; returns where it is. */
export function repairsFolder({ context, packages = {}, places = {}, host, sources = {} }: RepairsSpec): string {
  const includes = Object.keys(packages)
  const file: RepairFile = {
    kind: 'context',
    subject: { context: 'c', requests: [], packages: {} },
    ...(includes.length === 0 ? {} : { includes }),
    ...context,
  }
  const inputs = {
    contexts: [],
    repositories: [],
    host: host ?? null,
    base: null,
    index: null,
    env: null,
    implicit: null,
    cpu: null,
    name: 'c',
    prefer: null,
    never: [],
    graftFrom: [],
  }
  const lock: Lock = { tool: '0', generated: new Map(), verify: null, declined: [], inputs, places, sources }
  const texts = Object.entries(packages).map(([path, item]) => [path, writeRepairFile(item)])
  return makeFolder({
    'contexts/c.yaml': writeRepairFile(file),
    [join('.state', 'contexts/c.yaml')]: writeLock(lock),
    ...(Object.fromEntries(texts) as Record<string, string>),
  })
}
