/** `airtight image apptainer`: a definition file. */
import { recipeOptions, runRecipe } from './image-recipe.ts'
import type { Command } from './spec.ts'

export const command: Command = {
  spec: {
    name: 'image apptainer',
    summary: 'a folder with a definition file for studios that build with apptainer',
    details: [
      'FOLDER gets apptainer.def and the files that it unpacks. Packages are copied on the machine that builds, which needs ' +
        'tar and cp; OS packages that repairs ask for are installed by the package manager of the base.',
      'It begins with the image of a declared base, with --from IMAGE, or with a root folder.',
      'An earlier folder of this command is replaced as a whole.',
    ],
    argument: { name: 'CONTEXT', required: true, many: true, help: 'an .rxt file, a package folder, or Rez requests' },
    options: recipeOptions,
    examples: [
      {
        says: 'a definition over a root folder',
        command: 'airtight image apptainer lighting.rxt --base roots/rocky9 --repairs repairs -o build',
      },
    ],
    outputFolder: true,
  },
  run: (args, output) => runRecipe('apptainer', args, output),
}
