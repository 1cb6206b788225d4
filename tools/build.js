// Bundles the command line into dist/: one entry, and a chunk for what only some commands need.
import { rename, rm } from 'node:fs/promises'
import { build } from 'esbuild'

// Built beside and renamed, so that a build that fails leaves what was there.
const beside = `dist.${process.pid}`
try {
  // The page of the HTML report runs in browsers: one script and one style, which the command line puts into each report.
  await build({
    entryPoints: { page: 'src/report/html/page/main.tsx' },
    outdir: beside,
    bundle: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    legalComments: 'none',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    logLevel: 'warning',
  })
  await build({
    entryPoints: ['src/report/html/page/page.css'],
    outdir: beside,
    minify: true,
    logLevel: 'warning',
  })
  await build({
    entryPoints: ['src/cli/main.ts'],
    outdir: beside,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    minify: true,
    legalComments: 'linked',
    // CommonJS packages inside the bundle still ask for require.
    banner: {
      js: "import { createRequire as airtightRequire } from 'node:module'; const require = airtightRequire(import.meta.url);",
    },
    logLevel: 'warning',
  })
  await rm('dist', { recursive: true, force: true })
  await rename(beside, 'dist')
} catch (error) {
  // esbuild has said what is wrong with the source.
  if (!(error instanceof Error && 'errors' in error)) throw error
  process.exitCode = 1
} finally {
  await rm(beside, { recursive: true, force: true })
}
