/** Options of an audit that reads nothing of this machine: no host, no base, no policy. */
import type { AuditOptions } from '../../src/app/audit-options.ts'

/** The options, with those that are given in the place of the plain ones. */
export function auditOptionsOf(given: Partial<AuditOptions>): AuditOptions {
  return {
    contexts: [],
    repos: [],
    host: null,
    base: null,
    env: null,
    rezConfig: [],
    rez: false,
    variables: {},
    implicit: null,
    policy: false,
    baseline: null,
    updateBaseline: false,
    cpu: null,
    folder: '/',
    packagesPath: [],
    ci: false,
    purpose: 'audit',
    today: '2026-01-01',
    progress: null,
    ...given,
  }
}
