/** Questions to the knowledge about operating systems. */
import { osReleases } from './data.ts'
import type { OsRelease } from './types.ts'

/**
 * The release that a Rez requirement on `os` names, as `os-CentOS-7.9.2009` or `os-ubuntu-22.04`; null for any other
 * requirement and for a system that is not known.
 */
export function releaseOf(requirement: string): OsRelease | null {
  const match = /^~?os[-=@#]{1,2}([a-z]+)[-_.]?(\d+(?:\.\d+)*)/i.exec(requirement)
  const os = match?.[1]?.toLowerCase()
  const version = match?.[2] ?? ''
  const named = osReleases.filter((release) => release.os === os)
  return named.find((release) => version === release.version || version.startsWith(`${release.version}.`)) ?? null
}
