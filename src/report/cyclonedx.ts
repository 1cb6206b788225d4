/**
 * The audit as a CycloneDX 1.6 bill of materials: the Rez packages of the contexts, the OS packages whose files they
 * load, and who depends on whom. Without time and serial number: the same audit gives the same bytes.
 */
import { printable } from '../domain/bytes.ts'
import type { AuditDocument, DocumentObject, DocumentPackage } from './document.ts'
import { documentPackageId } from './document.ts'

/** The document with its line feed. */
export function cyclonedx(document: AuditDocument): string {
  const [name = 'airtight', version = '0'] = document.tool.split(' ')
  const systems = osPackages(document)
  const refs = document.packages.map(refOf)
  const roots = document.contexts.map((context, at) => ({ ref: `context:${at}`, context }))
  const bom = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      tools: { components: [{ type: 'application', name, version }] },
      component: {
        type: 'application',
        'bom-ref': 'audit',
        name: printable(document.contexts.map((context) => context.name).join(', ') || 'audit'),
      },
    },
    components: [
      ...(roots.length > 1 ? roots.map(({ ref, context }) => contextComponent(ref, context.name)) : []),
      ...document.packages.map((item, at) => packageComponent(document, item, at)),
      ...[...systems.values()].map(({ component }) => component),
    ],
    dependencies: [
      {
        ref: 'audit',
        dependsOn:
          roots.length > 1
            ? roots.map(({ ref }) => ref)
            : unique((roots[0]?.context.packages ?? []).map((at) => refs[at] ?? '')),
      },
      ...(roots.length > 1
        ? roots.map(({ ref, context }) => ({ ref, dependsOn: unique(context.packages.map((at) => refs[at] ?? '')) }))
        : []),
      ...document.packages.map((_, at) => ({ ref: refs[at] ?? '', dependsOn: dependsOn(document, at, refs, systems) })),
      ...[...systems.values()].map(({ ref }) => ({ ref })),
    ],
  }
  return `${JSON.stringify(bom, null, 2)}\n`
}

function contextComponent(ref: string, name: string): object {
  return { type: 'application', 'bom-ref': ref, name: printable(name) }
}

function refOf(item: DocumentPackage, at: number): string {
  return `rez:${printable(documentPackageId(item))}:${item.variant ?? at}:${at}`
}

/** purl has no type for Rez: `generic` keeps name and version (package-url, purl-spec). */
function packageComponent(document: AuditDocument, item: DocumentPackage, at: number): object {
  const version = item.version === '' ? {} : { version: printable(item.version) }
  const purl = `pkg:generic/${encodeURIComponent(item.name)}${item.version === '' ? '' : `@${encodeURIComponent(printable(item.version))}`}`
  const objects = document.objects.filter((object) => object.owner === at)
  return {
    type: objects.some((object) => object.role === 'program') ? 'application' : 'library',
    'bom-ref': refOf(item, at),
    name: printable(item.name),
    ...version,
    purl,
    properties: [
      { name: 'airtight:root', value: printable(item.root) },
      ...(item.variant === null ? [] : [{ name: 'airtight:variant', value: String(item.variant) }]),
      ...item.requires.map((value) => ({ name: 'airtight:requires', value: printable(value) })),
    ],
    ...(objects.length === 0 ? {} : { components: objects.map((object) => fileComponent(item, object)) }),
  }
}

function fileComponent(item: DocumentPackage, object: DocumentObject): object {
  const root = item.payload.find((folder) => object.path.startsWith(`${folder}/`))
  const name = root === undefined ? object.path : object.path.slice(root.length + 1)
  return {
    type: 'file',
    name: printable(name),
    ...(object.sha256 === undefined ? {} : { hashes: [{ alg: 'SHA-256', content: object.sha256 }] }),
    properties: [
      ...(object.soname === null ? [] : [{ name: 'airtight:soname', value: printable(object.soname) }]),
      ...(object.build_id === null ? [] : [{ name: 'airtight:build-id', value: object.build_id }]),
    ],
  }
}

interface SystemComponent {
  readonly ref: string
  readonly component: object
}

/** What the contexts load from the system that decides: the base where there is one. */
function osPackages(document: AuditDocument): ReadonlyMap<string, SystemComponent> {
  const world = document.base === null ? 'host' : 'base'
  const found = new Map<string, Set<string>>()
  for (const object of document.objects) {
    if (object.owner !== null || object.world !== world) continue
    const owner = object.os_package ?? ''
    if (owner !== '') found.set(owner, (found.get(owner) ?? new Set()).add(object.path))
  }
  const os = (world === 'base' ? document.base : document.host)?.os ?? null
  return new Map(
    [...found]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([owner, files]) => {
        const [manager = '', name = '', ...rest] = owner.split(' ')
        const version = rest.join(' ')
        const ref = `os:${owner}`
        const component = {
          type: 'library',
          'bom-ref': ref,
          name,
          version,
          purl: `pkg:${PURL[manager] ?? 'generic'}/${vendorOf(os)}${encodeURIComponent(name)}@${encodeURIComponent(version)}`,
          properties: [...files].sort().map((value) => ({ name: `airtight:${world}-file`, value: printable(value) })),
        }
        return [owner, { ref, component }]
      }),
  )
}

const PURL: Readonly<Record<string, string>> = { dpkg: 'deb', rpm: 'rpm', apk: 'apk' }

/** The namespace of an OS package's purl: the distribution in one lower-case word. */
function vendorOf(os: string | null): string {
  const word = /^[A-Za-z]+/.exec(os ?? '')?.[0].toLowerCase()
  return word === undefined ? '' : `${word}/`
}

/** Packages that it binds to or requires, and OS packages that its objects load directly. */
function dependsOn(
  document: AuditDocument,
  at: number,
  refs: readonly string[],
  systems: ReadonlyMap<string, SystemComponent>,
): readonly string[] {
  const item = document.packages[at]
  const required = new Set((item?.requires ?? []).filter((text) => !/^[!~.]/.test(text)).map(nameOf))
  const found: string[] = document.packages.flatMap((other, index) =>
    index !== at && required.has(other.name) ? [refs[index] ?? ''] : [],
  )
  const world = document.base === null ? 'host' : 'base'
  for (const binding of document.bindings) {
    if (binding.world !== world || binding.file === null || document.objects[binding.object]?.owner !== at) continue
    const target = document.objects[binding.file]
    if (target === undefined) continue
    if (target.owner !== null && target.owner !== at) found.push(refs[target.owner] ?? '')
    const system = systems.get(target.os_package ?? '')
    if (target.owner === null && system !== undefined) found.push(system.ref)
  }
  return unique(found)
}

function nameOf(requirement: string): string {
  return /^[^-@#=<>]*/.exec(requirement)?.[0] ?? requirement
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].filter((text) => text !== '').sort()
}
