/** Which unreadable files could change a verdict: those that a root or a need leads to. */
import type { ContextAudit } from '../domain/audit.ts'
import { packageId } from '../domain/context.ts'

/** One sentence for each such file; other unreadable files are PKG001 notes only. */
export function incompleteReasons(audit: ContextAudit): readonly string[] {
  if (audit.unread.length === 0) return []
  const needed = new Set(
    audit.objects.flatMap((object) => (object.reading.object?.needs ?? []).map((need) => need.name)),
  )
  const bound = new Set(Object.values(audit.worlds).flatMap((world) => world.needs.map((need) => need.file)))
  const linked = new Set(audit.links.filter((link) => needed.has(baseName(link.path))).map((link) => link.file))
  const tools = new Set(audit.context.packages.flatMap((item) => item.tools))
  return audit.unread
    .filter(({ path }) => {
      const name = baseName(path)
      return bound.has(path) || linked.has(path) || needed.has(name) || tools.has(name)
    })
    .map(({ owner, relative, faults }) => `${packageId(owner)} ${relative}: ${faults[0]?.message ?? 'unreadable'}`)
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
