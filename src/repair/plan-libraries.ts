/** Missing libraries: a small set of OS packages that brings many at once, and grafts for what no package brings. */
import type { ContextAudit } from '../domain/audit.ts'
import { Grafter } from './grafter.ts'
import { cover, offersFor } from './plan-os-packages.ts'
import type { LibraryPlan, LibraryWish, PlanSetting, Withheld } from './planned.ts'
import { DEFAULT_PREFERENCE } from './planned.ts'
import { forbiddenReason } from './reasons.ts'
import type { Want } from './wants.ts'
import { groupWishes } from './wants.ts'

/** A small set of OS packages, then copies, in the order of the preference. */
export function planLibraries(
  audit: ContextAudit,
  wishes: readonly LibraryWish[],
  setting: Pick<PlanSetting, 'index' | 'preference' | 'never' | 'drivers'>,
): LibraryPlan {
  const wants = groupWishes(wishes)
  const grafter = new Grafter(audit, setting.drivers)
  const offers = new Map(wants.map((want) => [want, offersFor(audit, want, setting.index)]))
  const byPackage: Want[] = []
  const byGraft: Want[] = []
  const withheld: Withheld[] = []
  for (const want of wants) {
    const against = { os_packages: offers.get(want)?.without ?? null, grafts: againstGraft(want, grafter) }
    const chosen = setting.preference.find((remedy) => against[remedy] === null)
    if (chosen === 'os_packages') byPackage.push(want)
    else if (chosen === 'grafts') byGraft.push(want)
    else {
      const barred = DEFAULT_PREFERENCE.filter((remedy) => setting.never.has(remedy))
      const reasons = setting.preference.flatMap((remedy) => against[remedy] ?? [])
      const reason = [...reasons, ...(barred.length === 0 ? [] : [forbiddenReason(barred)])].join('; ')
      withheld.push(...want.findings.map((finding) => ({ finding, reason })))
    }
  }
  const packages = cover(audit, byPackage, offers, setting.index)
  const grafts = byGraft.flatMap((want) => grafter.graft(want.name, want.file ?? '', want.findings, want.opened))
  return { entries: [...packages, ...grafts, ...grafter.exposure()], withheld }
}

function againstGraft(want: Want, grafter: Grafter): string | null {
  if (want.kind === 'command') return 'commands are not copied'
  if (want.kind === 'newer') return "a copy would go before the base's own for everything"
  return want.opened?.tree === true ? 'a copy of this file alone does not help' : grafter.refusal(want.name, want.file)
}
