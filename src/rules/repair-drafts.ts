/** Findings about repairs: one for each problem that laying, proving or merging them met. */
import { packageId } from '../domain/context.ts'
import type { RepairProblem } from '../domain/repair.ts'
import type { Facts } from './facts/facts.ts'
import type { Draft } from './rule.ts'

/** The problems of one rule as drafts. */
export function repairDrafts(facts: Facts, rule: RepairProblem['rule']): readonly Draft[] {
  const problems = (facts.audit.repairProblems ?? []).filter((problem) => problem.rule === rule)
  return problems.map((problem) => ({
    package: facts.context.packages.find((item) => packageId(item) === problem.package) ?? null,
    subject: `${problem.file} ${problem.entry}`,
    world: 'base',
    ...(problem.severity === undefined ? {} : { severity: problem.severity }),
    message: `${problem.entry} in ${problem.file}: ${problem.message}.`,
    objects: [],
    evidence: { file: problem.file, entry: problem.entry, ...problem.evidence },
    repairs: [
      {
        kind: 'advice',
        target: problem.file,
        text: `Look at ${problem.entry} in ${problem.file}, or run airtight repair again.`,
        ...(problem.action === undefined ? {} : { action: problem.action }),
      },
    ],
  }))
}
