/** How an image is run, and what its labels say. */
import { ELFCLASS32, ELFCLASS64, EM_386, EM_AARCH64, EM_X86_64 } from '../domain/object.ts'
import type { System } from '../domain/system.ts'
import { ENTRY } from '../image/compose/made.ts'
import type { BaseImage, RunConfig } from '../image/model.ts'
import { SYSTEM_PATH } from '../runtime/system-path.ts'
import type { Composed } from './image-compose.ts'

export interface ConfigQuestion {
  /** `NAME:TAG`. */
  readonly reference: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

/** The configuration: that of the base, started through the entry script, with labels of OCI's and our own. */
export function runConfig(composed: Composed, base: BaseImage | null, question: ConfigQuestion): RunConfig {
  const env = base?.config.env ?? []
  return {
    env: env.some((line) => line.startsWith('PATH=')) ? env : [...env, `PATH=${SYSTEM_PATH}`],
    entrypoint: [`/${ENTRY}`],
    cmd: [],
    workingDir: base?.config.workingDir ?? '',
    user: base?.config.user ?? '',
    labels: { ...base?.config.labels, ...standardLabels(composed, question), ...question.labels },
  }
}

/** Annotations of OCI (image-spec, annotations.md) and of ours; time is that of the files. */
export function standardLabels(composed: Composed, question: ConfigQuestion): Readonly<Record<string, string>> {
  const [name = '', tag = ''] = splitReference(question.reference)
  return {
    'org.opencontainers.image.title': name.split('/').at(-1) ?? name,
    'org.opencontainers.image.version': tag,
    'org.opencontainers.image.base.name': composed.base.name,
    'airtight.contexts': composed.contexts.map((context) => context.name).join(' '),
  }
}

function splitReference(reference: string): readonly string[] {
  const cut = reference.lastIndexOf(':')
  return cut > reference.lastIndexOf('/') ? [reference.slice(0, cut), reference.slice(cut + 1)] : [reference, 'latest']
}

const ARCHITECTURES: readonly (readonly [name: string, machine: number, elfClass: number])[] = [
  ['amd64', EM_X86_64, ELFCLASS64],
  ['arm64', EM_AARCH64, ELFCLASS64],
  ['386', EM_386, ELFCLASS32],
]

/** The architecture that a system has a loader for, as Go names it. */
export function architectureOf(system: System): string {
  const found = ARCHITECTURES.find(([, machine, elfClass]) => system.loader(null, machine, elfClass) !== null)
  return found?.[0] ?? 'amd64'
}

/** Seconds since 1970 as RFC 3339. */
export function rfc3339(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')
}
