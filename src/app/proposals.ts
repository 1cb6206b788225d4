/** Proposes payload roots: the commonest package of a vendor's application only points at a folder outside the repository. */
import type { Context } from '../domain/context.ts'

const STANDARD = /^\/(?:usr(?:\/local)?\/)?(?:s?bin|lib(?:32|64|x32)?|games)(?:\/|$)/
const VARIABLES = ['PATH', 'LD_LIBRARY_PATH']

/** One sentence for each folder outside all payloads that one package alone puts on PATH or LD_LIBRARY_PATH. */
export function proposePayloads(context: Context): readonly string[] {
  const roots = context.packages.flatMap((item) => [item.base, ...item.payload])
  const inPayload = (folder: string): boolean => roots.some((root) => folder === root || folder.startsWith(`${root}/`))
  const putters = new Map<string, Set<string>>()
  for (const variable of context.environment.variables) {
    if (!VARIABLES.includes(variable.name)) continue
    for (const { value, package: by } of variable.entries) {
      const folder = value.replace(/(.)\/+$/, '$1')
      if (by === null || !folder.startsWith('/') || STANDARD.test(folder) || inPayload(folder)) continue
      putters.set(folder, (putters.get(folder) ?? new Set()).add(by))
    }
  }
  const proposals = new Map<string, string>()
  for (const [folder, by] of putters) {
    const [only] = by
    if (by.size === 1 && only !== undefined) proposals.set(vendorFolder(folder), only)
  }
  return [...proposals]
    .map(([folder, by]) => {
      const name = context.packages.find((item) => `${item.name}-${item.version}` === by)?.name ?? by
      return `${by} points at ${folder}, which was not read: add packages: {${name}: {payload: ["${folder}"]}} to airtight.yaml`
    })
    .sort()
}

/** The folder that holds bin and lib. */
function vendorFolder(folder: string): string {
  return folder.replace(/\/(?:s?bin|lib(?:64)?)$/, '') || folder
}
