/** Holds the allow list of a policy against the base: allowed is not present. */
import { ELFCLASS64, EM_AARCH64, EM_X86_64 } from '../domain/object.ts'
import type { LoaderSetup, System } from '../domain/system.ts'
import { standardFolders } from '../domain/system.ts'
import { failed } from '../domain/tree.ts'
import { globTest } from '../policy/glob.ts'
import type { Policy } from '../policy/policy.ts'
import type { AbsentAllowed } from '../rules/review.ts'

/** Sonames of `must_exist` entries that no search folder and no cache of the base has. */
export function absentAllowed(policy: Policy, base: System): readonly AbsentAllowed[] {
  const demanded = policy.allow.filter(({ from, mustExist }) => from === 'base' && mustExist)
  if (demanded.length === 0) return []
  const setup = base.loader(null, EM_X86_64, ELFCLASS64) ?? base.loader(null, EM_AARCH64, ELFCLASS64)
  if (setup === null) return []
  const names = libraryNames(base, setup)
  return demanded.flatMap((allow) =>
    allow.sonames.filter((soname) => !has(setup, names, soname)).map((soname) => ({ allow, soname, base: base.label })),
  )
}

function has(setup: LoaderSetup, names: ReadonlySet<string>, soname: string): boolean {
  if (names.has(soname) || (setup.cache?.lookup(soname) ?? null) !== null) return true
  if (!/[*?{]/.test(soname)) return false
  const matches = globTest(soname)
  return [...names].some(matches)
}

/** What lies in the folders that the loader searches without being told. */
function libraryNames(base: System, setup: LoaderSetup): ReadonlySet<string> {
  const names = new Set<string>()
  for (const folder of standardFolders(setup)) {
    const children = base.tree.children(folder)
    if (failed(children)) continue
    for (const { name } of children) names.add(name)
  }
  return names
}
