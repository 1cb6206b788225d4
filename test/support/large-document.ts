/** An audit document of any size, generated: packages in layers, objects that load each other, leaks among them. */
import type {
  AuditDocument,
  DocumentBinding,
  DocumentFinding,
  DocumentObject,
  DocumentPackage,
} from '../../src/report/document.ts'
import { bindingOf, documentOf, findingOf, objectOf, packageOf } from '../report/documents.ts'

export interface Size {
  readonly packages: number
  readonly objects: number
  readonly findings: number
}

/** Needs of one object, and packages that one package uses. */
const NEEDS = 12
const USES = 12

/** A document of that size: always the same one. */
export function largeDocument(size: Size): AuditDocument {
  const random = generator(7)
  const packages = Array.from({ length: size.packages }, (_, index): DocumentPackage =>
    packageOf(`package_${index}`, `${1 + (index % 9)}.${index % 7}.0`),
  )
  const owned = Array.from({ length: size.objects }, (_, index): DocumentObject => {
    const owner = index % size.packages
    return objectOf(`/studio/package_${owner}/lib/libobject${index}.so.${owner % 5}`, owner)
  })
  const libraries = Math.max(1, Math.floor(size.objects / 10))
  const lent = Array.from({ length: libraries }, (_, index) =>
    objectOf(`/usr/lib64/libhost${index}.so.1`, null, { world: 'host' }),
  )
  const names = [...owned, ...lent].map((object) => object.soname ?? '')
  const perPackage = Math.floor(size.objects / size.packages)
  // What a package uses comes after it, so that packages stand in layers.
  const uses = packages.map((_, own) =>
    Array.from({ length: USES }, () => own + 1 + (random() % Math.max(1, size.packages - own - 1))),
  )
  const bindings: DocumentBinding[] = []
  for (let object = 0; object < size.objects; object += 1) {
    const needs = new Set<number>()
    while (needs.size < NEEDS) {
      // One need in six is the host's; the others are libraries of the few packages that the object's package uses.
      const used = uses[object % size.packages] ?? []
      const place = (used[random() % used.length] ?? 0) + size.packages * (random() % perPackage)
      needs.add(random() % 6 === 0 ? size.objects + (random() % libraries) : place % size.objects)
    }
    for (const file of needs) {
      const isHost = file >= size.objects
      bindings.push(bindingOf(object, 'host', file, file, isHost ? 'host' : 'required'))
      bindings.push(bindingOf(object, 'base', file, isHost ? null : file, isHost ? null : 'required'))
    }
  }
  const findings = Array.from({ length: size.findings }, (_, index): DocumentFinding => {
    const owner = packages[random() % size.packages]
    const library = `libhost${index % libraries}.so.1`
    return findingOf({
      package: `${owner?.name ?? ''}-${owner?.version ?? ''}`,
      subject: library,
      message: `${owner?.name ?? ''} takes ${library} from the host: /usr/lib64/${library}. The base does not have it.`,
      severity: index % 7 === 0 ? 'warn' : 'error',
      repairs: [index % libraries],
    })
  })
  const base = documentOf()
  const errors = findings.filter((finding) => finding.severity === 'error').length
  return {
    ...base,
    contexts: base.contexts.map((context) => ({ ...context, packages: packages.map((_, index) => index) })),
    packages,
    names,
    objects: [...owned, ...lent],
    bindings,
    findings,
    repairs: lent.map(({ path }) => ({ kind: 'graft', target: path, text: `Graft ${path} into the image.` })),
    summary: {
      ...base.summary,
      packages: size.packages,
      objects: size.objects,
      findings: { error: errors, warn: findings.length - errors, note: 0 },
      rules: { HST002: { name: 'host-leak', subjects: libraries, findings: findings.length } },
    },
  }
}

/** Pseudo-random numbers of 31 bits (the constants of C's rand in POSIX), without its weak lowest bits. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
    return state >>> 8
  }
}
