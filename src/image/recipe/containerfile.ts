/**
 * A Containerfile of several stages for podman, buildah and docker (BuildKit): OS packages, packages from named build
 * contexts, what repairs change, environment. Containerfile(5); docs.docker.com/reference/dockerfile.
 */
import { shellQuoted } from '../../domain/shell.ts'
import { oddForCopy, unwritableIn } from './odd-path.ts'
import type { Recipe, RecipeCopy } from './recipe.ts'

export const PACKAGE_ARCHIVE = 'packages.tar'
export const SYSTEM_ARCHIVE = 'system.tar'

/** The first line, by which a folder is known to hold a recipe of ours. */
export const MARK = '# Made by airtight'

/** Engines put each COPY into a layer of its own; docker's and overlayfs's stores take some 125. */
const MOST_COPIES = 80

export interface ContainerfileOptions {
  /** `NAME:TAG` for the command in the comment. */
  readonly reference: string
  /** The folder that holds the recipe, as the command in the comment names it. */
  readonly folder: string
}

/** The text, or the path that a COPY cannot name. */
export function containerfile(recipe: Recipe, options: ContainerfileOptions): string | { readonly odd: string } {
  const odd = unwritableIn(recipe) ?? recipe.copies.flatMap(({ source, to }) => [source, to]).find(oddForCopy)
  if (odd !== undefined) return { odd }
  const staged =
    recipe.copies.length > MOST_COPIES ? recipe.copies : recipe.copies.filter((copy) => isChanged(recipe, copy))
  const plain = recipe.copies.filter((copy) => !staged.includes(copy))
  return [
    `${MARK}. Build it with:`,
    ...buildCommand(recipe, options).map((line) => `#   ${line}`),
    '',
    ...systemStage(recipe),
    ...(staged.length === 0 ? [] : packageStage(recipe, staged)),
    'FROM system',
    ...plain.map((copy) => copyLine(copy, copy.store, copy.source, copy.to)),
    ...gathered(staged).map(({ to, isFile }) => copyLine({ isFile }, 'packages', to, to)),
    `ADD ${SYSTEM_ARCHIVE} /`,
    ...Object.entries(recipe.config.labels).map(([name, text]) => `LABEL ${labelText(name)}=${labelText(text)}`),
    `ENTRYPOINT ${JSON.stringify(recipe.config.entrypoint)}`,
    '',
  ].join('\n')
}

/** The command that builds it, as lines of a shell. */
function buildCommand({ stores }: Recipe, { reference, folder }: ContainerfileOptions): readonly string[] {
  return [
    'podman build \\',
    ...stores.map((store) => `  --build-context ${shellQuoted(`${store.name}=${store.folder}`)} \\`),
    `  -t ${shellQuoted(reference)} ${shellQuoted(folder)}`,
  ]
}

function isChanged({ changed }: Recipe, copy: RecipeCopy): boolean {
  return changed.has(copy.package)
}

/** The base with the OS packages that it lacks. */
function systemStage({ from, install }: Recipe): readonly string[] {
  return [`FROM ${from} AS system`, ...(install === null ? [] : [`RUN ${install}`]), '']
}

/** A stage of its own for what is taken away again, so that no layer of the image holds it. */
function packageStage({ removed, packageFiles }: Recipe, copies: readonly RecipeCopy[]): readonly string[] {
  return [
    'FROM system AS packages',
    ...copies.map((copy) => copyLine(copy, copy.store, copy.source, copy.to)),
    ...(removed.length === 0
      ? []
      : [`RUN rm -rf -- \\\n${removed.map((path) => `      ${shellQuoted(path)}`).join(' \\\n')}`]),
    ...(packageFiles === null ? [] : [`ADD ${PACKAGE_ARCHIVE} /`]),
    '',
  ]
}

/** What a stage hands on: what lies in a folder that is handed on comes with it; of too much, whole repositories. */
function gathered(copies: readonly RecipeCopy[]): readonly Pick<RecipeCopy, 'to' | 'isFile'>[] {
  const tops = (list: readonly Pick<RecipeCopy, 'to' | 'isFile'>[]): readonly Pick<RecipeCopy, 'to' | 'isFile'>[] =>
    list.filter(({ to }, at) => {
      const within = list.findIndex((other, index) => index !== at && !other.isFile && to.startsWith(`${other.to}/`))
      return within < 0 && list.findIndex((other) => other.to === to) === at
    })
  let list = tops(copies)
  while (list.length > MOST_COPIES) {
    const deepest = Math.max(...list.map(({ to }) => depth(to)))
    if (deepest <= 1) break
    list = tops(list.map((item) => (depth(item.to) < deepest ? item : { to: parent(item.to), isFile: false })))
  }
  return list
}

function depth(path: string): number {
  return path.split('/').length - 1
}

function parent(path: string): string {
  return path.slice(0, path.lastIndexOf('/'))
}

/** The form with JSON takes spaces. The content of a folder is copied: its links stay links. */
function copyLine({ isFile }: Pick<RecipeCopy, 'isFile'>, stage: string, source: string, to: string): string {
  const from = `/${source.replace(/^\//, '')}`
  const [left, right] = isFile ? [from, to] : [from === '/' ? '/' : `${from}/`, `${to}/`]
  const words = /^[\w./+@=,:~-]+$/.test(left + right) ? `${left} ${right}` : JSON.stringify([left, right])
  return `COPY --from=${stage} ${words}`
}

/** `$` begins a variable in labels. */
function labelText(text: string): string {
  return JSON.stringify(text).replaceAll('$', String.raw`\$`)
}
