/** PKG003: files of a package name the folder in which it stands. */
import type { PackageText } from '../domain/audit.ts'
import type { Package } from '../domain/context.ts'
import { packageId } from '../domain/context.ts'
import { failed } from '../domain/tree.ts'
import type { Facts } from './facts/facts.ts'
import { isBelow, normalPath } from './facts/presence.ts'
import type { Draft, Rule } from './rule.ts'
import { defineRule } from './rule.ts'
import { some } from './words.ts'

/** Text files of one package that are looked into, and bytes of each. */
const MOST_TEXTS = 200
const MOST_BYTES = 64 << 10

export const nonRelocatable: Rule = defineRule({
  id: 'PKG003',
  name: 'non-relocatable',
  severity: 'warn',
  summary: 'Run paths, scripts or build files of a package name the folder in which the package stands.',
  why: 'In an image, a bundle or a repository on another mount the folder has another name, and the run path or script leads nowhere.',
  remedy:
    'Use `$ORIGIN` in run paths, `#!/usr/bin/env` in scripts, `${pcfiledir}` in .pc files and relative paths in CMake files.',
  accept: 'Where the package always stands at that path, in the image as well: `rules: {PKG003: note}`.',
  judge: (facts) => facts.context.packages.flatMap((item) => draft(facts, item)),
})

interface Reference {
  readonly file: string
  /** At run time, or when somebody builds against the package. */
  readonly when: 'run' | 'build'
}

function draft(facts: Facts, item: Package): readonly Draft[] {
  const roots = item.payload.filter((root) => root !== '' && root !== '/').map(normalPath)
  const run = [...runPaths(facts, item, roots), ...scripts(facts, item, roots)]
  const references = [...run, ...texts(facts, item, roots)]
  if (references.length === 0) return []
  const owner = packageId(item)
  const files = [...new Set(references.map(({ file }) => file))].sort()
  return [
    {
      package: item,
      subject: run.length > 0 ? 'run paths and scripts' : 'build files',
      world: facts.worlds.length === 1 ? (facts.worlds[0] ?? 'both') : 'both',
      severity: run.length > 0 ? 'warn' : 'note',
      message:
        `${some(files)} of ${owner} ${files.length === 1 ? 'names' : 'name'} ${roots[0] ?? ''}: ` +
        (run.length > 0
          ? 'the package works at no other path.'
          : 'who builds against the package elsewhere gets wrong paths.'),
      objects: files,
      evidence: { root: roots[0] ?? null, references: references.map(({ file, when }) => ({ file, when })) },
      repairs: [
        {
          kind: 'advice',
          target: `${owner} relocatable`,
          text: `Let ${some(files)} of ${owner} find the package from where it stands.`,
        },
      ],
    },
  ]
}

function runPaths(facts: Facts, item: Package, roots: readonly string[]): readonly Reference[] {
  return facts.objectsOf(item).flatMap(({ relative, reading }) => {
    const value = reading.object?.runpath ?? reading.object?.rpath ?? ''
    const own = value.split(':').some((text) => text.startsWith('/') && isOwn(text, roots))
    return own ? [{ file: relative, when: 'run' as const }] : []
  })
}

function scripts(facts: Facts, item: Package, roots: readonly string[]): readonly Reference[] {
  return facts.audit.scripts
    .filter((script) => script.owner === item && isOwn(script.interpreter, roots))
    .map((script) => ({ file: script.relative, when: 'run' as const }))
}

function isOwn(path: string, roots: readonly string[]): boolean {
  const normal = normalPath(path)
  return roots.some((root) => isBelow(normal, root))
}

function texts(facts: Facts, item: Package, roots: readonly string[]): readonly Reference[] {
  return facts.audit.texts
    .filter((text) => text.owner === item && text.kind !== 'python')
    .slice(0, MOST_TEXTS)
    .filter((text) => names(facts, text, roots))
    .map((text) => ({ file: text.relative, when: 'build' as const }))
}

function names(facts: Facts, text: PackageText, roots: readonly string[]): boolean {
  const file = facts.audit.machine.open(text.path)
  if (failed(file)) return false
  try {
    const bytes = Buffer.from(file.read(0, MOST_BYTES))
    return roots.some((root) => holdsPath(bytes, root))
  } finally {
    file.close()
  }
}

/** The root as a whole path: what follows is no part of a longer name. */
function holdsPath(bytes: Buffer, root: string): boolean {
  for (let at = bytes.indexOf(root); at >= 0; at = bytes.indexOf(root, at + 1)) {
    const next = String.fromCharCode(bytes[at + Buffer.byteLength(root)] ?? 0)
    if (!/[A-Za-z0-9_.-]/.test(next)) return true
  }
  return false
}
