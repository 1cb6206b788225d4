// Bundles the command line into dist/: one entry, and a chunk for what only some commands need.
import { rm } from 'node:fs/promises'
import { build } from 'esbuild'

await rm('dist', { recursive: true, force: true })
await build({
  entryPoints: ['src/cli/main.ts'],
  outdir: 'dist',
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
