/** What Rez calls the machine that a context is resolved for, read from a system instead of the machine that runs us. */
import { EM_AARCH64, EM_PPC64, EM_S390, EM_X86_64, ELFCLASS64 } from '../domain/object.ts'
import type { System } from '../domain/system.ts'
import { failed } from '../domain/tree.ts'

/** Rez's names of a machine (`rez.system`). */
export interface RezMachine {
  readonly platform: string
  readonly arch: string
  readonly os: string
}

const ARCHITECTURES: readonly (readonly [string, number])[] = [
  ['x86_64', EM_X86_64],
  ['aarch64', EM_AARCH64],
  ['ppc64le', EM_PPC64],
  ['s390x', EM_S390],
]

/** Null where the system does not tell what it is. */
export function rezMachine(system: System): RezMachine | null {
  const os = rezOs(system)
  const arch = ARCHITECTURES.find(([, machine]) => system.loader(null, machine, ELFCLASS64) !== null)?.[0] ?? null
  return os === null || arch === null ? null : { platform: 'linux', arch, os }
}

/** `~platform`, `~arch` and `~os`: the implicit packages of Rez's default configuration. */
export function implicitRequests(machine: RezMachine): readonly string[] {
  return [`~platform==${machine.platform}`, `~arch==${machine.arch}`, `~os==${machine.os}`]
}

/** lsb-release first, then os-release (rez/utils/platform_.py, `LinuxPlatform._os`, without running lsb_release). */
function rezOs(system: System): string | null {
  const bytes = system.tree.content('/etc/lsb-release', 1 << 16)
  if (!failed(bytes)) {
    const text = Buffer.from(bytes).toString('utf8')
    const value = (key: string): string | null => {
      const found = new RegExp(`^${key}=(.*)$`, 'm').exec(text)?.[1]?.trim() ?? null
      return found === null ? null : found.replace(/^(["'])(.*)\1$/, '$2')
    }
    const id = value('DISTRIB_ID')
    const release = value('DISTRIB_RELEASE')
    if (id !== null && id !== '' && release !== null && release !== '') return `${id}-${release}`
  }
  const { os } = system
  return os === null || os.id === '' || os.version === '' ? null : `${os.id}-${os.version}`
}
