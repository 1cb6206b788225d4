/** Folders to mount: one that lies below another comes with it. */

/** The folders that lie below none of the others, sorted. @param folders absolute, without a slash at the end */
export function topFolders(folders: Iterable<string>): readonly string[] {
  const all = new Set(folders)
  return [...all].filter((folder) => !isBelowOne(folder, all)).sort()
}

function isBelowOne(folder: string, others: ReadonlySet<string>): boolean {
  for (let cut = folder.lastIndexOf('/'); cut > 0; cut = folder.lastIndexOf('/', cut - 1)) {
    if (others.has(folder.slice(0, cut))) return true
  }
  return false
}
