/** Small root file systems with a stand-in for musl, and what Airtight says of them. */
import type { Closure } from '../../../src/domain/closure.ts'
import { resolveClosure } from '../../../src/loader/closure.ts'
import { buildElf } from '../elf/build.ts'
import type { ElfSpec } from '../elf/spec.ts'
import type { FileSpec, WorldSpec } from './world.ts'
import { DF_1_PIE, makeWorld } from './world.ts'

export const MUSL = '/lib/ld-musl-x86_64.so.1'

/** A program of a musl system. */
export function muslProgram(spec: ElfSpec): ElfSpec {
  return { interpreter: MUSL, flags1: DF_1_PIE, ...spec }
}

/** The closure of one root under musl. */
export function muslClosure(
  files: Readonly<Record<string, FileSpec>>,
  root: string,
  spec: WorldSpec & { readonly inside?: string } = {},
): Closure {
  const loader = buildElf({ soname: 'libc.musl-x86_64.so.1' })
  const world = makeWorld({ [MUSL]: loader, ...files }, { bare: true, ...spec })
  return resolveClosure(world, root, { inside: spec.inside ?? null })
}

/** What the loader's list prints, as `name => path`; `-` for not found. */
export function muslTrace(
  files: Readonly<Record<string, FileSpec>>,
  root: string,
  spec: WorldSpec & { readonly inside?: string } = {},
): readonly string[] {
  const { objects, trace } = muslClosure(files, root, spec)
  return trace.map((index) => `${objects[index]?.name ?? ''} => ${objects[index]?.path ?? '-'}`)
}
