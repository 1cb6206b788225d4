// Bundles the command line into dist/: one script, and what V8 makes of the functions that an audit needs.
import { spawnSync } from 'node:child_process'
import { rename, rm } from 'node:fs/promises'
import { builtinModules } from 'node:module'
import { build } from 'esbuild'

/**
 * Takes built-in modules from process.getBuiltinModule. An import statement reads every export of theirs, and some
 * of those are getters that load a subsystem nobody here uses (fs.ReadStream all of streams): a third of our own start-up.
 */
const builtins = {
  name: 'builtins',
  setup({ onResolve, onLoad }) {
    const names = new RegExp(`^(?:node:)?(?:${builtinModules.join('|')})$`)
    onResolve({ filter: names }, ({ path, kind }) => {
      return { path: path.replace(/^node:/, ''), namespace: kind === 'require-call' ? 'required' : 'imported' }
    })
    onLoad({ filter: names, namespace: 'required' }, ({ path }) => {
      return { contents: `module.exports = process.getBuiltinModule('node:${path}')` }
    })
    onLoad({ filter: names, namespace: 'imported' }, ({ path }) => {
      const module = process.getBuiltinModule(path)
      const names = Object.getOwnPropertyNames(module).filter(
        (name) => /^[A-Za-z_$][\w$]*$/.test(name) && name !== 'default',
      )
      const exported = names.map(
        (name) => `const ${name}_ = /* @__PURE__ */ get('${name}')\nexport { ${name}_ as ${name} }`,
      )
      const head = `const module = process.getBuiltinModule('node:${path}')\nconst get = (name) => module[name]\n`
      return { contents: `${head}${exported.join('\n')}\nexport default module\n` }
    })
  },
}

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
    format: 'iife',
    // bin/airtight.js calls the script with its own URL, for a script has no import.meta.
    banner: { js: '(scriptUrl=>{' },
    footer: { js: '})' },
    define: { 'import.meta.url': 'scriptUrl' },
    charset: 'ascii',
    platform: 'node',
    target: 'node20.19',
    minify: true,
    legalComments: 'linked',
    plugins: [builtins],
    logLevel: 'warning',
  })
  const { status, stderr } = spawnSync(process.execPath, ['tools/code-cache.js', beside], {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  })
  if (status !== 0) console.error(`no code cache, every start compiles anew: ${stderr}`)
  await rm('dist', { recursive: true, force: true })
  await rename(beside, 'dist')
} catch (error) {
  // esbuild has said what is wrong with the source.
  if (!(error instanceof Error && 'errors' in error)) throw error
  process.exitCode = 1
} finally {
  await rm(beside, { recursive: true, force: true })
}
