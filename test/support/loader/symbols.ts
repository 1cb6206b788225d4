/** What binding the symbols of small root file systems finds. */
import type { Closure } from '../../../src/domain/closure.ts'
import { resolveClosure } from '../../../src/loader/closure.ts'
import type { FileSpec, WorldSpec } from './world.ts'
import { makeWorld } from './world.ts'

/** The undefined symbols of one root, as `path symbol` or `path symbol@version`, sorted. */
export function undefinedOf(
  files: Readonly<Record<string, FileSpec>>,
  root: string,
  spec: WorldSpec & { readonly inside?: string } = {},
): readonly string[] {
  return undefinedIn(resolveClosure(makeWorld(files, spec), root, { inside: spec.inside ?? null }))
}

/** The same of a closure. */
export function undefinedIn(closure: Closure): readonly string[] {
  return closure
    .symbols()
    .undefined.map(({ object, symbol, version }) => {
      const path = closure.objects[object]?.path ?? ''
      return `${path} ${symbol}${version === null ? '' : `@${version}`}`
    })
    .sort()
}

/** The version errors of one root, as `object wants version of provider`, weak ones in brackets. */
export function versionErrorsOf(
  files: Readonly<Record<string, FileSpec>>,
  root: string,
  spec: WorldSpec = {},
): readonly string[] {
  const closure = resolveClosure(makeWorld(files, spec), root)
  const path = (index: number): string => closure.objects[index]?.path ?? ''
  return closure.symbols().versionErrors.map(({ object, provider, version, weak }) => {
    const text = `${path(object)} wants ${version} of ${path(provider)}`
    return weak ? `(${text})` : text
  })
}
