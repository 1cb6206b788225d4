/** What the systems of a move hold, as the comparison asks for it. */
import type { System } from '../../domain/system.ts'

/** What a system holds and what can be installed in it, looked up by name. */
export interface Stock {
  /** Paths of the libraries that a need finds by name alone, by soname. */
  readonly libraries: ReadonlyMap<string, string>
  /** The OS package by which a package of this name can be installed; null where no list of the system offers it. */
  offers(name: string): string | null
  /**
   * The versions of OS packages that one of them relies on at least, with all that has to be installed for it: by name, with
   * the OS package that says so.
   */
  relies(name: string): ReadonlyMap<string, Reliance>
  /** Sonames of the same library in other versions, sorted. */
  others(soname: string): readonly string[]
  /** Names of OS packages that are the same but for their version, as libtiff6 is for libtiff5. */
  kin(name: string): readonly string[]
}

export interface Reliance {
  /** The OS package that depends on it. */
  readonly by: string
  readonly least: string
}

/** Both systems of a move, and what they hold. */
export interface MovedSystems {
  readonly from: System
  readonly to: System
  readonly fromStock: Stock
  readonly toStock: Stock
}
