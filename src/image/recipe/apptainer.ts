/**
 * A definition file for apptainer: packages are copied on the machine that builds, links as links, for %files follows
 * them. apptainer.org/docs/user/latest/definition_files.html.
 */
import { shellQuoted } from '../../domain/shell.ts'
import { MARK, PACKAGE_ARCHIVE, SYSTEM_ARCHIVE } from './containerfile.ts'
import { unwritableIn } from './odd-path.ts'
import type { Recipe, RecipeCopy } from './recipe.ts'

export interface ApptainerOptions {
  /** The folder that holds the recipe, absolute: %setup runs anywhere. */
  readonly folder: string
  readonly environment: string
}

/** How a definition names what it begins with. */
export interface Bootstrap {
  readonly agent: 'docker' | 'oci' | 'docker-archive' | 'oci-archive' | 'localimage'
  readonly from: string
}

/** The text, or the path that a definition cannot name. */
export function apptainerDefinition(
  recipe: Recipe,
  bootstrap: Bootstrap,
  options: ApptainerOptions,
): string | { readonly odd: string } {
  const odd = unwritableIn(recipe)
  if (odd !== undefined) return { odd }
  const { removed, packageFiles, install, config } = recipe
  const unpack = (archive: string): string =>
    `tar -xpf ${shellQuoted(`${options.folder}/${archive}`)} -C "$APPTAINER_ROOTFS"`
  return [
    `Bootstrap: ${bootstrap.agent}`,
    `From: ${bootstrap.from}`,
    '',
    `${MARK}. Build it with: apptainer build IMAGE.sif ${shellQuoted(`${options.folder}/apptainer.def`)}`,
    '',
    '%setup',
    '    set -eu',
    ...recipe.copies.flatMap(copyLines).map(indented),
    ...removed.map((path) => indented(`rm -rf -- "$APPTAINER_ROOTFS"${shellQuoted(path)}`)),
    ...(packageFiles === null ? [] : [indented(unpack(PACKAGE_ARCHIVE))]),
    indented(unpack(SYSTEM_ARCHIVE)),
    '',
    ...(install === null ? [] : ['%post', ...install.split('\n').map(indented), '']),
    '%environment',
    indented(`. ${options.environment}`),
    '',
    '%runscript',
    indented(`exec ${config.entrypoint.map(shellQuoted).join(' ')} "$@"`),
    '',
    '%labels',
    ...Object.entries(config.labels).map(([name, text]) => indented(`${name} ${text.replace(/\s+/g, ' ')}`)),
    '',
  ].join('\n')
}

/** What is in a folder, links as links; all of it belongs to who builds, as in the image to root. */
function copyLines({ from, to, isFile }: RecipeCopy): readonly string[] {
  const target = `"$APPTAINER_ROOTFS"${shellQuoted(to)}`
  const folder = isFile ? `"$APPTAINER_ROOTFS"${shellQuoted(to.slice(0, to.lastIndexOf('/')) || '/')}` : target
  const source = isFile ? shellQuoted(from) : shellQuoted(from === '/' ? '/.' : `${from}/.`)
  return [`mkdir -p -- ${folder}`, `cp -dR --preserve=mode,timestamps,links -- ${source} ${target}`]
}

function indented(line: string): string {
  return `    ${line}`
}
