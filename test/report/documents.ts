/** Small audit documents, written out by hand, that tests of reports start from. */
import type {
  AuditDocument,
  DocumentBinding,
  DocumentFinding,
  DocumentObject,
  DocumentPackage,
} from '../../src/report/document.ts'
import { AUDIT_SCHEMA } from '../../src/report/document.ts'

export function packageOf(name: string, version: string, more: Partial<DocumentPackage> = {}): DocumentPackage {
  const root = `/studio/${name}/${version}`
  return { name, version, variant: null, root, payload: [root], requires: [], tools: [], environment: [], ...more }
}

export function objectOf(path: string, owner: number | null, more: Partial<DocumentObject> = {}): DocumentObject {
  return {
    path,
    owner,
    world: owner === null ? 'host' : null,
    os_package: null,
    role: owner === null ? null : 'library',
    public: owner !== null,
    foreign: false,
    soname: path.slice(path.lastIndexOf('/') + 1),
    build_id: 'ab12',
    size: 4096,
    ...more,
  }
}

export function bindingOf(
  object: number,
  world: 'host' | 'base',
  name: number,
  file: number | null,
  provider: DocumentBinding['provider'],
): DocumentBinding {
  return { context: 0, object, world, name, file, how: file === null ? 'missing' : 'cache', provider }
}

export function findingOf(more: Partial<DocumentFinding> = {}): DocumentFinding {
  return {
    rule: 'HST002',
    name: 'host-leak',
    severity: 'error',
    confidence: 'exact',
    contexts: ['lighting'],
    world: 'both',
    package: 'blender-3.6.5',
    variant: null,
    subject: 'libpotrace.so.0',
    message: 'blender-3.6.5 (bin/blender) takes libpotrace.so.0 from the host.',
    objects: ['bin/blender'],
    evidence: {},
    repairs: [0],
    fingerprint: '0'.repeat(64),
    ...more,
  }
}

/** A context of blender and tiff on a host that lends potrace, over a base that has only zlib. */
export function documentOf(more: Partial<AuditDocument> = {}): AuditDocument {
  return {
    schema: AUDIT_SCHEMA,
    tool: 'airtight 0.0.0',
    contexts: [
      {
        name: 'lighting',
        requests: ['blender-3.6'],
        packages: [0, 1],
        environment: { LD_LIBRARY_PATH: '/studio/tiff/4.5.1/lib' },
        aliases: {},
        unevaluated: [],
        files: 10,
        objects: 2,
        ignored: 0,
        unopened: {},
        notes: [],
      },
    ],
    base: { label: 'debian-12', os: 'Debian 12', libc: 'glibc 2.36', declared: true, notes: [] },
    host: { label: '/', os: 'Debian 12', libc: 'glibc 2.36', declared: false, notes: [] },
    summary: {
      packages: 2,
      objects: 2,
      elf_files: 4,
      findings: { error: 1, warn: 0, note: 0 },
      rules: { HST002: { name: 'host-leak', subjects: 1, findings: 1 } },
      faults: 0,
      incomplete: [],
      not_judged: [],
      notes: [],
    },
    packages: [packageOf('blender', '3.6.5'), packageOf('tiff', '4.5.1')],
    names: ['libpotrace.so.0', 'libtiff.so.6', 'libz.so.1'],
    folders: ['/usr/lib/'],
    objects: [
      objectOf('/studio/blender/3.6.5/bin/blender', 0, { role: 'program' }),
      objectOf('/studio/tiff/4.5.1/lib/libtiff.so.6', 1),
      objectOf('/usr/lib/libpotrace.so.0', null, { os_package: 'dpkg libpotrace0 1.16' }),
      objectOf('/usr/lib/libz.so.1', null, { world: 'base' }),
    ],
    bindings: [
      bindingOf(0, 'host', 0, 2, 'host'),
      bindingOf(0, 'host', 1, 1, 'required'),
      bindingOf(1, 'host', 2, 2, 'host'),
      bindingOf(0, 'base', 0, null, null),
      bindingOf(0, 'base', 1, 1, 'required'),
      bindingOf(1, 'base', 2, 3, 'base'),
    ],
    findings: [findingOf()],
    repairs: [{ kind: 'os-package', target: 'libpotrace0', text: 'Install libpotrace0 in the image.' }],
    faults: [],
    ...more,
  }
}
