/** Writes the cases as a repository of packages. */
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { CASES } from './cases.ts'
import { CALLERS } from './cases-caller.ts'
import { OUTSIDE } from './cases-outside.ts'
import type { Asked } from './rez.ts'

/** Package NAME of case N becomes cN_NAME-1.2.3; answers what is asked of each case by its number and title. */
export function writeCases(repository: string): Record<string, Asked> {
  const contexts: Record<string, Asked> = {}
  for (const [i, item] of [...CASES, ...OUTSIDE, ...CALLERS].entries()) {
    for (const [name, text] of Object.entries(item.packages)) {
      const folder = join(repository, `c${i}_${name}`, '1.2.3')
      mkdirSync(folder, { recursive: true })
      const head = `name = 'c${i}_${name}'\nversion = '1.2.3'\n`
      writeFileSync(
        join(folder, 'package.py'),
        head + text.replace(/@(?!include\b)/g, `c${i}_`).replaceAll('#', `C${i}_`),
      )
    }
    for (const [name, modules] of Object.entries(item.modules ?? {})) {
      const folder = join(repository, `c${i}_${name}`, '1.2.3', '.rez', 'include')
      mkdirSync(folder, { recursive: true })
      for (const [module, text] of Object.entries(modules)) {
        writeFileSync(join(folder, `${module}.py`), text)
        writeFileSync(join(folder, `${module}.sha1`), createHash('sha1').update(text).digest('hex'))
      }
    }
    for (const [name, files] of Object.entries(item.files ?? {})) {
      for (const [path, text] of Object.entries(files)) {
        const file = join(repository, `c${i}_${name}`, '1.2.3', path.replaceAll('@', `c${i}_`))
        mkdirSync(dirname(file), { recursive: true })
        writeFileSync(file, text)
      }
    }
    const asked: Asked = {
      requests: item.requests.map((request) => request.replaceAll('@', `c${i}_`)),
      parent: item.parent ?? {},
    }
    const { untold } = item
    contexts[`${i} ${item.title}`] = untold === undefined ? asked : { ...asked, untold }
    if (untold === undefined) continue
    const none = Object.fromEntries(Object.keys(untold).map((name) => [name, null]))
    contexts[`${i} ${item.title}, where the caller has none`] = { ...asked, untold: none }
  }
  return contexts
}
