/** The use cases of `image containerfile` and `image apptainer`: a folder with what an engine needs to make the image. */
import { closeSync, fsyncSync, openSync, realpathSync, writeFileSync, writeSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Fault } from '../domain/fault.ts'
import { faultAt } from '../domain/fault.ts'
import { ENTRY, OWN_FOLDER } from '../image/compose/made.ts'
import type { CopiedSource } from '../image/compose/packages.ts'
import { checkSignal, faultOf } from '../image/failure.ts'
import { layerBytes } from '../image/layer-bytes.ts'
import type { NewLayer } from '../image/model.ts'
import { apptainerDefinition } from '../image/recipe/apptainer.ts'
import { PACKAGE_ARCHIVE, SYSTEM_ARCHIVE, containerfile } from '../image/recipe/containerfile.ts'
import type { Recipe } from '../image/recipe/recipe.ts'
import { recipeOf } from '../image/recipe/recipe.ts'
import { installCommand } from '../system/base-export.ts'
import { isFolder } from '../tree/status.ts'
import type { AuditFailure } from './audit.ts'
import type { Composed } from './image-compose.ts'
import { composeImage } from './image-compose.ts'
import { runConfig } from './image-config.ts'
import type { PlanQuestion } from './image-plan.ts'
import type { EngineBase } from './recipe-base.ts'
import { bootstrapOf, engineBase } from './recipe-base.ts'
import { replaceFolder, takenBy } from './recipe-folder.ts'

export type RecipeFormat = 'containerfile' | 'apptainer'

/** The file that an engine is given. */
const RECIPE_FILES: Readonly<Record<RecipeFormat, string>> = {
  containerfile: 'Containerfile',
  apptainer: 'apptainer.def',
}

export interface RecipeQuestion extends PlanQuestion {
  readonly format: RecipeFormat
  readonly path: string
  /** The image to begin with, as the engine names it; null where the base tells. */
  readonly from: string | null
  readonly signal: AbortSignal
}

export interface RecipeReport {
  /** The file that the engine is given, absolute. */
  readonly file: string
  readonly packages: number
  /** OS packages that the recipe installs. */
  readonly osPackages: readonly string[]
  readonly notes: readonly string[]
}

/** Writes the folder as a whole: an earlier one of ours is replaced, any other is left alone. */
export async function writeRecipe(question: RecipeQuestion): Promise<RecipeReport | AuditFailure> {
  const { format, path, audit, signal } = question
  const target = resolve(audit.folder, path)
  const taken = takenBy(target, path)
  if (taken !== null) return { failures: [taken] }
  const composed = await composeImage({ ...question, over: true })
  if ('failures' in composed) return composed
  const base = engineBase({ spec: audit.base ?? composed.policy.base ?? '', from: question.from, folder: audit.folder })
  if ('message' in base) return { failures: [base] }
  const made = recipeFor(composed, base, question)
  if ('message' in made) return { failures: [made] }
  const text = recipeText(made, base, { ...question, target })
  if (typeof text !== 'string') return { failures: [text] }
  try {
    replaceFolder(target, (folder) => {
      writeFileSync(join(folder, RECIPE_FILES[format]), text)
      writeArchive(join(folder, SYSTEM_ARCHIVE), made.systemFiles, signal)
      if (made.packageFiles !== null) writeArchive(join(folder, PACKAGE_ARCHIVE), made.packageFiles, signal)
    })
  } catch (error) {
    return { failures: [faultOf(error, path)] }
  }
  const packages = new Set(made.copies.map((copy) => copy.package)).size
  const { osPackages, notes } = composed
  return { file: join(target, RECIPE_FILES[format]), packages, osPackages, notes }
}

function recipeFor(composed: Composed, base: EngineBase, question: RecipeQuestion): Recipe | Fault {
  const install = installOf(composed, base)
  if (install !== null && typeof install !== 'string') return install
  const repositories = new Map<string, string>()
  const repositoryOf = ({ item }: CopiedSource): string => {
    let real = repositories.get(item.repository)
    if (real === undefined) repositories.set(item.repository, (real = realFolder(item.repository)))
    return real
  }
  const { composition, added, unrepaired } = composed
  const { labels } = runConfig(composed, null, question)
  const named = base.image === null ? {} : { 'org.opencontainers.image.base.name': base.image }
  const config = { entrypoint: [`/${ENTRY}`], labels: { ...labels, ...named } }
  return recipeOf({ from: base.image ?? '', install, composition, added, unrepaired, config, repositoryOf })
}

function realFolder(folder: string): string {
  return isFolder(folder) ? realpathSync(folder) : folder
}

/** What installs the OS packages that repairs ask for, and those that a declared base promises on top of its image. */
function installOf({ osPackages, system }: Composed, base: EngineBase): string | Fault | null {
  const names = [...new Set([...base.osPackages, ...osPackages])].sort()
  if (names.length === 0) return null
  const os = base.os ?? (system.os === null ? null : { family: system.os.id, version: system.os.version })
  const command = os === null ? null : installCommand(os, names)
  if (command !== null) return command
  const family = os === null ? 'an unknown system' : `'${os.family}'`
  return faultAt(
    'unsupported',
    base.label,
    null,
    `no package manager is known for ${family} to install ${names.join(' ')}`,
  )
}

function recipeText(
  recipe: Recipe,
  base: EngineBase,
  { format, path, reference, target }: RecipeQuestion & { readonly target: string },
): string | Fault {
  if (format === 'apptainer') {
    const bootstrap = bootstrapOf(base)
    if ('message' in bootstrap) return bootstrap
    const options = { folder: target, environment: `/${OWN_FOLDER}/environment.sh` }
    return namedOdd(apptainerDefinition(recipe, bootstrap, options), 'a definition file')
  }
  if (base.image === null) {
    const message =
      'is a folder, and a Containerfile begins with an image: make one of it with ' +
      `tar -C ${base.label} -c . | podman import - NAME, and name it with --from NAME`
    return faultAt('unsupported', base.label, null, message)
  }
  return namedOdd(containerfile(recipe, { reference, folder: path }), 'a Containerfile')
}

function namedOdd(text: string | { readonly odd: string }, recipe: string): string | Fault {
  if (typeof text === 'string') return text
  return faultAt('unsupported', text.odd, null, `is a name that ${recipe} cannot hold; use airtight image build`)
}

function writeArchive(file: string, layer: NewLayer, signal: AbortSignal): void {
  const descriptor = openSync(file, 'wx')
  try {
    for (const chunk of layerBytes(layer)) {
      checkSignal(signal, file)
      for (let at = 0; at < chunk.length;) at += writeSync(descriptor, chunk, at)
    }
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
