/** The bundled script and style of the HTML report's page. */
import { readFileSync } from 'node:fs'
import type { PageAssets } from '../report/html/html.ts'

/** Where the build puts them: beside the bundle, and seen from the source in its own folder. */
const FOLDERS = ['./', '../../dist/']

/**
 * Reads what `npm run build` made.
 *
 * @throws Error where it was not built: a fault of the installation
 */
export function pageAssets(): PageAssets {
  return { script: asset('page.js'), style: asset('page.css') }
}

function asset(name: string): string {
  for (const folder of FOLDERS) {
    try {
      return readFileSync(new URL(folder + name, import.meta.url), 'utf8')
    } catch {
      continue
    }
  }
  throw new Error(`${name} is not in dist/: run npm run build`)
}
