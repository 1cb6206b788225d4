/** What the commands for engines share. */
import type { RecipeFormat } from '../app/image-recipe.ts'
import { writeRecipe } from '../app/image-recipe.ts'
import { failed } from './audit-request.ts'
import { EXIT_CLEAN, UsageError } from './exit.ts'
import { imageOptions, imageQuestion, sayNotes } from './image-request.ts'
import { interrupted, stopped } from './interrupt.ts'
import type { Output } from './output.ts'
import type { Arguments, OptionSpec } from './spec.ts'

/** An engine makes the layers and the manifest. */
const WITHOUT = new Set(['annotation', 'layers', 'baseline'])

export const recipeOptions: readonly OptionSpec[] = [
  ...imageOptions.filter(({ name }) => !WITHOUT.has(name)),
  { name: 'from', value: 'IMAGE', help: 'the image to begin with, as the engine names it (default: that of the base)' },
]

/** Writes the folder and says what to do with it. */
export async function runRecipe(format: RecipeFormat, args: Arguments, output: Output): Promise<number> {
  const path = args.value('output')
  if (path === null) throw new UsageError('-o FOLDER is missing', 'name the folder of the recipe: -o build')
  return interrupted(async (signal) => {
    const question = { ...imageQuestion(args, output), format, path, from: args.value('from'), signal }
    const report = await writeRecipe(question)
    if ('failures' in report) {
      if (signal.aborted) return stopped(report, signal, output)
      throw failed(report, output)
    }
    sayNotes(report.notes, output)
    const { file, packages, osPackages } = report
    const os = osPackages.length === 0 ? '' : `, ${osPackages.length} OS packages to install`
    output.result(`${file}\n`)
    output.say(`${packages} packages${os}; the command to build it stands at its top`)
    return EXIT_CLEAN
  })
}
