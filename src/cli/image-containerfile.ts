/** `airtight image containerfile`: what podman, buildah and docker need to make the image. */
import { runRecipe, recipeOptions } from './image-recipe.ts'
import type { Command } from './spec.ts'

export const command: Command = {
  spec: {
    name: 'image containerfile',
    summary: 'a folder with a Containerfile for studios that build with podman, buildah or docker',
    details: [
      'FOLDER gets a Containerfile of several stages and the files that it adds: OS packages that repairs ask for are ' +
        'installed by the package manager of the base, packages are copied from their repositories (named build contexts; ' +
        'the command stands in the first lines), then come files that repairs change, grafts and the environment.',
      'It begins with the image of a declared base, or with --from IMAGE. What the engine made is audited as any other ' +
        'image: airtight audit CONTEXT --base docker-archive:FILE.',
      'An earlier folder of this command is replaced as a whole.',
    ],
    argument: { name: 'CONTEXT', required: true, many: true, help: 'an .rxt file, a package folder, or Rez requests' },
    options: recipeOptions,
    examples: [
      {
        says: 'a build folder, and the image made with it',
        command: 'airtight image containerfile lighting.rxt --base rocky9/base.yaml --repairs repairs -o build',
      },
    ],
    outputFolder: true,
  },
  run: (args, output) => runRecipe('containerfile', args, output),
}
