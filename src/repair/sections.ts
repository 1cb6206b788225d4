/** The sections of a repair file that hold entries. */

export type SectionName =
  'os_packages' | 'grafts' | 'requires' | 'env' | 'rpath' | 'symlinks' | 'binds' | 'remove_files' | 'accept'

/** In the order in which a file holds them. */
export const SECTIONS: readonly SectionName[] = [
  'os_packages',
  'grafts',
  'requires',
  'env',
  'rpath',
  'symlinks',
  'binds',
  'remove_files',
  'accept',
]

/** Tells a section with entries from other top keys. */
export function isSection(key: string): key is SectionName {
  return (SECTIONS as readonly string[]).includes(key)
}
