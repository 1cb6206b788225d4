/** The ordered list of all rules: families in the order of how much they hurt. */
import { sonameTwoProviders } from './dup001-soname-two-providers.ts'
import { twoMajorsOneProcess } from './dup002-two-majors-one-process.ts'
import { singletonDuplicated } from './dup003-singleton-duplicated.ts'
import { duplicateIdentical } from './dup004-duplicate-identical.ts'
import { libpathDead } from './env001-libpath-dead.ts'
import { libpathHostDir } from './env002-libpath-host-dir.ts'
import { preloadBad } from './env003-preload-bad.ts'
import { envHostPath } from './env004-env-host-path.ts'
import { orderSensitive } from './env005-order-sensitive.ts'
import { searchPathOverwritten } from './env006-search-path-overwritten.ts'
import { repairStale } from './fix001-repair-stale.ts'
import { repairIneffective } from './fix002-repair-ineffective.ts'
import { repairConflict } from './fix003-repair-conflict.ts'
import { graftIncomplete } from './fix004-graft-incomplete.ts'
import { mergeConflict } from './fix005-merge-conflict.ts'
import { patchRisk } from './fix006-patch-risk.ts'
import { baseLeak } from './hst001-base-leak.ts'
import { hostLeak } from './hst002-host-leak.ts'
import { hostShadowsPackage } from './hst003-host-shadows-package.ts'
import { packageShadowsBase } from './hst004-package-shadows-base.ts'
import { driverLibPackaged } from './hst005-driver-lib-packaged.ts'
import { driverBindNeeded } from './hst006-driver-bind-needed.ts'
import { driverClosureConflict } from './hst007-driver-closure-conflict.ts'
import { stubResolved } from './hst008-stub-resolved.ts'
import { toolFromSystem } from './hst009-tool-from-system.ts'
import { openedFromHost } from './hst010-opened-from-host.ts'
import { sonameGone } from './mig001-soname-gone.ts'
import { sonameBumped } from './mig002-soname-bumped.ts'
import { symverLost } from './mig003-symver-lost.ts'
import { providerRenamed } from './mig004-provider-renamed.ts'
import { repairRedundant } from './mig005-repair-redundant.ts'
import { newlyShadowed } from './mig006-newly-shadowed.ts'
import { observedFromHost } from './obs001-observed-from-host.ts'
import { observedElsewhere } from './obs002-observed-elsewhere.ts'
import { observedUnknown } from './obs003-observed-unknown.ts'
import { elfUnreadable } from './pkg001-elf-unreadable.ts'
import { foreignBinary } from './pkg002-foreign-binary.ts'
import { nonRelocatable } from './pkg003-non-relocatable.ts'
import { execStack } from './pkg004-exec-stack.ts'
import { requirementUndeclared } from './req001-requirement-undeclared.ts'
import { requirementIndirect } from './req002-requirement-indirect.ts'
import { requirementUnused } from './req003-requirement-unused.ts'
import { requirementTooLoose } from './req004-requirement-too-loose.ts'
import { providerAmbiguous } from './req005-provider-ambiguous.ts'
import { privateBuildLeak } from './req006-private-build-leak.ts'
import { variantDishonest } from './req007-variant-dishonest.ts'
import { libMissing } from './res001-lib-missing.ts'
import { libWrongArch } from './res002-lib-wrong-arch.ts'
import { resolvesByAccident } from './res003-resolves-by-accident.ts'
import { neededAbsolute } from './res004-needed-absolute.ts'
import { interpreterMissing } from './res005-interpreter-missing.ts'
import { dlopenDeclaredMissing } from './res006-dlopen-declared-missing.ts'
import { dlopenSuspectedMissing } from './res007-dlopen-suspected-missing.ts'
import { sonameLinkMissing } from './res008-soname-link-missing.ts'
import { danglingSymlink } from './res009-dangling-symlink.ts'
import { rpathBuildTree } from './rph001-rpath-build-tree.ts'
import { rpathUnmounted } from './rph002-rpath-unmounted.ts'
import { rpathUnsafe } from './rph003-rpath-unsafe.ts'
import { rpathSystemDir } from './rph004-rpath-system-dir.ts'
import { rpathBothTags } from './rph005-rpath-both-tags.ts'
import { rpathUndeclaredPackage } from './rph006-rpath-undeclared-package.ts'
import { rpathBeatsEnv } from './rph007-rpath-beats-env.ts'
import { interpositionRisk } from './dup005-interposition-risk.ts'
import { symverTooNewForBase } from './sym001-symver-too-new-for-base.ts'
import { symverAbsent } from './sym002-symver-absent.ts'
import { symbolUndefined } from './sym003-symbol-undefined.ts'
import { symbolUndefinedPlugin } from './sym004-symbol-undefined-plugin.ts'
import { cxx11AbiMixed } from './sym005-cxx11-abi-mixed.ts'
import { isaAboveBaseline } from './sym006-isa-above-baseline.ts'
import { glibcPrivate } from './sym007-glibc-private.ts'
import type { Rule } from './rule.ts'
import { suppressionExpired } from './sup001-suppression-expired.ts'
import { suppressionUnused } from './sup002-suppression-unused.ts'
import { suppressionUnexplained } from './sup003-suppression-unexplained.ts'
import { allowedAbsent } from './sup004-allowed-absent.ts'

export const rules: readonly Rule[] = [
  libMissing,
  libWrongArch,
  resolvesByAccident,
  neededAbsolute,
  interpreterMissing,
  dlopenDeclaredMissing,
  dlopenSuspectedMissing,
  sonameLinkMissing,
  danglingSymlink,
  baseLeak,
  hostLeak,
  hostShadowsPackage,
  packageShadowsBase,
  driverLibPackaged,
  driverBindNeeded,
  driverClosureConflict,
  stubResolved,
  toolFromSystem,
  openedFromHost,
  sonameTwoProviders,
  twoMajorsOneProcess,
  singletonDuplicated,
  duplicateIdentical,
  interpositionRisk,
  symverTooNewForBase,
  symverAbsent,
  symbolUndefined,
  symbolUndefinedPlugin,
  cxx11AbiMixed,
  isaAboveBaseline,
  glibcPrivate,
  requirementUndeclared,
  requirementIndirect,
  requirementUnused,
  requirementTooLoose,
  providerAmbiguous,
  privateBuildLeak,
  variantDishonest,
  rpathBuildTree,
  rpathUnmounted,
  rpathUnsafe,
  rpathSystemDir,
  rpathBothTags,
  rpathUndeclaredPackage,
  rpathBeatsEnv,
  libpathDead,
  libpathHostDir,
  preloadBad,
  envHostPath,
  orderSensitive,
  searchPathOverwritten,
  observedFromHost,
  observedElsewhere,
  observedUnknown,
  elfUnreadable,
  foreignBinary,
  nonRelocatable,
  execStack,
  sonameGone,
  sonameBumped,
  symverLost,
  providerRenamed,
  repairRedundant,
  newlyShadowed,
  suppressionExpired,
  suppressionUnused,
  suppressionUnexplained,
  allowedAbsent,
  repairStale,
  repairIneffective,
  repairConflict,
  graftIncomplete,
  mergeConflict,
  patchRisk,
]

/** A rule by its id (`HST002`) or name (`host-leak`). */
export function findRule(idOrName: string): Rule | null {
  return rules.find((rule) => rule.id === idOrName || rule.name === idOrName) ?? null
}
