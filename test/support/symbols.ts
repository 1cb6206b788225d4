/** Declarations of libraries and programs by the versions and symbols they define and demand. */
import type { ElfSpec, SymbolSpec } from './elf/spec.ts'
import type { StudioFile } from './studio.ts'
import { INTERPRETER } from './studio.ts'

export interface Symbols {
  readonly soname?: string
  readonly needs?: readonly string[]
  /** Versions that are defined, oldest first. */
  readonly versions?: readonly string[]
  /** Defined: `name` or `name@version`. */
  readonly gives?: readonly string[]
  /** Demanded, by the file they are demanded of: `name` or `name@version`. */
  readonly wants?: Readonly<Record<string, readonly string[]>>
  readonly elf?: ElfSpec
}

/** A library. */
export function library(soname: string, symbols: Symbols = {}): StudioFile {
  return { elf: specOf({ soname, ...symbols }) }
}

/** A program. */
export function executable(symbols: Symbols): StudioFile {
  return { elf: { ...specOf(symbols), interpreter: INTERPRETER, flags1: 0x08000000 } }
}

function specOf({ soname, needs, versions = [], gives = [], wants = {}, elf }: Symbols): ElfSpec {
  const demanded = Object.entries(wants).map(([file, names]) => ({
    file,
    versions: [...new Set(names.flatMap((name) => versionOf(name) ?? []))],
  }))
  const symbols: SymbolSpec[] = [
    ...gives.map((text) => ({ name: nameOf(text), ...versioned(text) })),
    ...Object.entries(wants).flatMap(([file, names]) =>
      names.map((text) => ({
        name: nameOf(text),
        defined: false,
        ...(versionOf(text) === null ? {} : { ...versioned(text), file }),
      })),
    ),
  ]
  return {
    ...(soname === undefined ? {} : { soname }),
    needs: needs ?? Object.keys(wants).filter((file) => file !== ''),
    versionNeeds: demanded.filter(({ versions: list }) => list.length > 0),
    versionDefinitions: versions,
    symbols,
    ...elf,
  }
}

function versioned(text: string): { readonly version?: string } {
  const version = versionOf(text)
  return version === null ? {} : { version }
}

function nameOf(text: string): string {
  return text.split('@')[0] ?? text
}

function versionOf(text: string): string | null {
  return text.split('@')[1] ?? null
}
