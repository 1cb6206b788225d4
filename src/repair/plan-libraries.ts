/** Missing libraries: a small set of OS packages that brings many at once, and grafts for what no package brings. */
import type { ContextAudit } from '../domain/audit.ts'
import { neverGrafted } from './never-grafted.ts'
import type { Pick } from './grafter.ts'
import { Grafter } from './grafter.ts'
import { cover, offersFor } from './plan-os-packages.ts'
import type { ApartWant, LibraryPlan, LibraryWish, PlanSetting, Want, Withheld } from './planned.ts'
import { DEFAULT_PREFERENCE } from './planned.ts'
import { forbiddenReason } from './reasons.ts'
import { askersOf } from './reach.ts'
import { hostSupply } from './supply.ts'
import { groupWishes } from './wants.ts'

type Setting = Omit<PlanSetting, 'range' | 'machine'>

/** A small set of OS packages, then copies, in the order of the preference. */
export function planLibraries(audit: ContextAudit, wishes: readonly LibraryWish[], setting: Setting): LibraryPlan {
  const wants = groupWishes(wishes)
  const apart = apartNames(wants, setting)
  const grafter = grafterFor(audit, setting, apart)
  const offers = new Map(wants.map((want) => [want, offersFor(audit, want, setting.index)]))
  const byPackage: Want[] = []
  const byGraft: { readonly want: Want; readonly pick: Pick }[] = []
  const withheld: Withheld[] = []
  for (const want of wants) {
    const pick = pickFor(want, grafter, setting)
    const against = {
      os_packages: offers.get(want)?.without ?? null,
      grafts: typeof pick === 'string' ? pick : null,
    }
    const chosen = setting.preference.find((remedy) => against[remedy] === null)
    if (chosen === 'os_packages') byPackage.push(want)
    else if (chosen === 'grafts' && typeof pick !== 'string') byGraft.push({ want, pick })
    else {
      const barred = DEFAULT_PREFERENCE.filter((remedy) => setting.never.has(remedy))
      const reasons = setting.preference.flatMap((remedy) => against[remedy] ?? [])
      const reason = [...reasons, ...(barred.length === 0 ? [] : [forbiddenReason(barred)])].join('; ')
      withheld.push(...want.findings.map((finding) => ({ finding, reason })))
    }
  }
  const open = byGraft.filter(({ want }) => !apart.has(want.name))
  return {
    entries: [
      ...cover(audit, byPackage, offers, setting.index),
      ...open.flatMap(({ want, pick }) => grafter.graft(want, pick, ['*'])),
    ],
    apart: byGraft.filter(({ want }) => apart.has(want.name)).map((item) => apartWant(audit, grafter, item)),
    withheld,
  }
}

function grafterFor(audit: ContextAudit, { drivers, supplies }: Setting, apart: ReadonlySet<string>): Grafter {
  const { host } = audit.worlds
  const today = host === undefined ? [] : [hostSupply(host, (path) => audit.owner(path) !== null)]
  return new Grafter(audit, {
    drivers,
    supplies: supplies.flatMap((item) => (item === 'host' ? today : [item])),
    apart,
  })
}

/** What the base has too old, and what others were seen to load instead of their own. */
function apartNames(wants: readonly Want[], { trials, drivers }: Setting): ReadonlySet<string> {
  const newer = wants.filter(({ kind, name }) => kind === 'newer' && neverGrafted(name, drivers) === null)
  return new Set([...(trials?.apart ?? []), ...newer.map(({ name }) => name)])
}

function pickFor(want: Want, grafter: Grafter, { trials }: Setting): Pick | string {
  if (want.kind === 'command') return 'commands are not copied'
  if (want.opened?.tree === true) return 'a copy of this file alone does not help'
  return trials?.refused.get(want.name) ?? grafter.pick(want)
}

function apartWant(
  audit: ContextAudit,
  grafter: Grafter,
  { want, pick }: { readonly want: Want; readonly pick: Pick },
): ApartWant {
  const owners = askersOf(audit, want).map(({ owner }) => owner.name)
  const entries = grafter.graft(want, pick, [...new Set(owners)].sort())
  return { want, dest: grafter.dest(want.name, pick), entries }
}
