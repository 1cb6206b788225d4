/** RPH006: a run path leads into a package that is not required. */
import { packageId } from '../domain/context.ts'
import type { Rule } from './rule.ts'
import { defineRule } from './rule.ts'
import { removal, runPathDraft, whoHas } from './run-path-drafts.ts'

export const rpathUndeclaredPackage: Rule = defineRule({
  id: 'RPH006',
  name: 'rpath-undeclared-package',
  severity: 'warn',
  summary: 'A run path leads into a package that the own package does not require.',
  why: 'The object is tied to that one version of it, whatever Rez resolves, and takes it from there even where the context has another one.',
  remedy: 'Require the package, or take the element out and leave the search to LD_LIBRARY_PATH.',
  accept: 'Where two packages are always released together: `rules: {RPH006: note}`.',
  judge: (facts) =>
    facts.runPaths('undeclared').map((group) => {
      const other = group.package === null ? 'another package' : packageId(group.package)
      const own = packageId(group.owner)
      return runPathDraft(facts, group, {
        message: `${whoHas(group)}: it leads into ${other}, which ${own} does not require.`,
        repairs: [
          {
            kind: 'requires',
            target: `${own} ${group.package?.name ?? ''}`,
            text: `Add '${group.package?.name ?? ''}' to requires of ${own}.`,
          },
          removal(group),
        ],
      })
    }),
})
