/** Opens the host and the base that an audit compares. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { SystemSummary } from '../domain/audit.ts'
import type { Fault } from '../domain/fault.ts'
import { EM_X86_64, ELFCLASS64 } from '../domain/object.ts'
import type { ElfHeader } from '../domain/object.ts'
import type { Cpu, System } from '../domain/system.ts'
import type { Policy } from '../policy/policy.ts'
import { parseCpu } from '../system/cpu.ts'
import type { AuditOptions } from './audit-options.ts'
import { cacheNotes } from '../system/staleness.ts'

export interface Systems {
  readonly host: System | null
  readonly base: System | null
  readonly notes: readonly string[]
}

/** Opens what the command line names, else what policy names, else the defaults. The first fault ends it. */
export async function openSystems(options: AuditOptions, policy: Policy): Promise<Systems | Fault> {
  const cpu = options.cpu === null ? null : parseCpu(options.cpu)
  if (cpu !== null && 'message' in cpu) return cpu
  const notes: string[] = []
  const hostSpec = options.host ?? policy.host ?? defaultHost(options)
  if (options.host === null && policy.host === null) {
    notes.push(
      hostSpec === 'none'
        ? 'host: none; name one with --host to see what is picked up from it'
        : `host: ${hostSpec} (this machine); name another with --host`,
    )
  }
  const host = await open(hostSpec, cpu, options.folder)
  if (host !== null && 'message' in host) return host
  const base = await open(options.base ?? policy.base ?? 'none', cpu, options.folder)
  if (base !== null && 'message' in base) return base
  return { host, base, notes }
}

function defaultHost(options: AuditOptions): string {
  return options.purpose === 'lint' || options.ci ? 'none' : '/'
}

async function open(spec: string, cpu: Cpu | null, folder: string): Promise<System | Fault | null> {
  if (spec === 'none') return null
  const { openSource } = await import('../system/source.ts')
  const path = resolve(folder, spec)
  // What is no file may be the name of a built-in base.
  return openSource(spec.includes(':') || !existsSync(path) ? spec : path, cpu)
}

/** What a report says of a system. */
export function summarise(system: System, header: ElfHeader | null): SystemSummary {
  const setup = system.loader(null, header?.machine ?? EM_X86_64, header?.class ?? ELFCLASS64)
  const version = setup?.version ?? null
  return {
    label: system.label,
    os: system.os?.name ?? null,
    libc: setup === null ? null : version === null ? setup.libc : `${setup.libc} ${version.join('.')}`,
    declared: system.declaration !== null,
    notes: [...system.notes, ...(setup === null ? [] : cacheNotes(system, setup))],
  }
}

/** What cannot be judged without a world, in sentences. */
export function notJudged(systems: Systems): readonly string[] {
  const sentences: string[] = []
  if (systems.base === null) {
    sentences.push('HST001 and HST002 need a base: name the image of tomorrow with --base')
  } else if (systems.base.declaration === null) {
    sentences.push(
      systems.base.tells !== undefined
        ? `HST001 is off: ${systems.base.label} is known by facts alone, so nothing tells what packages may rely on`
        : 'HST001 is off: the base is not declared, so packages may rely on all it contains (airtight base init)',
    )
  }
  if (systems.host === null) sentences.push('HST002 needs a host: name the machine of today with --host')
  if (systems.host === null && systems.base === null) sentences.push('needs are not resolved: there is no system')
  return sentences
}
