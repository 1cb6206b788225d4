/** PKG001: a file that promises to be an object and cannot be read as one. */
import { packageId } from '../domain/context.ts'
import type { Rule } from './rule.ts'
import { defineRule } from './rule.ts'

export const elfUnreadable: Rule = defineRule({
  id: 'PKG001',
  name: 'elf-unreadable',
  severity: 'note',
  summary: 'A file that promises to be an ELF object cannot be read as one.',
  why: 'It is truncated, damaged, or a pointer of a large-file store that was never fetched. What it needs is not known.',
  remedy: 'Release the file again; fetch large files before installing.',
  accept: 'Leave test data out with `ignore_paths` in airtight.yaml.',
  judge: (facts) =>
    facts.audit.unread.map((file) => ({
      package: file.owner,
      subject: file.relative,
      world: facts.worlds.length === 1 ? (facts.worlds[0] ?? 'both') : 'both',
      message: `${file.relative} of ${packageId(file.owner)} cannot be read as an object: ${file.faults[0]?.message ?? 'unknown'}.`,
      objects: [file.relative],
      evidence: { faults: file.faults },
      repairs: [
        {
          kind: 'advice' as const,
          target: `${packageId(file.owner)} ${file.relative}`,
          text: `Install ${file.relative} of ${packageId(file.owner)} again.`,
        },
      ],
    })),
})
