/** `airtight image plan`: the layers of an image before it is built. */
import { planImage } from '../app/image-plan.ts'
import { imagePlanText, planReportDocument } from '../report/image-plan.ts'
import { failed } from './audit-request.ts'
import { EXIT_CLEAN } from './exit.ts'
import { imageOptions, imageQuestion, sayNotes } from './image-request.ts'
import type { Command } from './spec.ts'

export const command: Command = {
  spec: {
    name: 'image plan',
    summary: 'the layers of an image before it is built, and what an update of each package costs',
    details: [
      'The base, the packages of the contexts, their repairs and their environment are composed as one tree, then cut ' +
        'into layers: the base, what repairs add to it, libraries that several packages require, each large application, ' +
        'the rest, the environment. Files are listed, not read.',
      '--against names an earlier image, its archive or its plan in JSON: whether a new one is needed at all, and which ' +
        'layers differ. A file that changed and kept its size and time is not seen.',
      'Where tools share little of what they require, the plan says which images would serve better than one.',
    ],
    argument: { name: 'CONTEXT', required: true, many: true, help: 'an .rxt file, a package folder, or Rez requests' },
    options: [
      ...imageOptions,
      { name: 'against', value: 'IMAGE', help: 'an earlier image: oci:DIR, an archive, or a plan in JSON' },
      { name: 'format', value: 'FORMAT', choices: ['text', 'json'], help: 'text by default' },
      { name: 'all', help: 'every package' },
    ],
    examples: [
      {
        says: 'what an image of a context would hold',
        command: 'airtight image plan lighting.rxt --base rocky9/base.yaml --repairs repairs',
      },
      {
        says: 'whether the image of last week still serves',
        command: 'airtight image plan lighting.rxt --base rocky9/base.yaml --against oci:images/lighting',
      },
    ],
  },
  run: async (args, output) => {
    const report = await planImage(imageQuestion(args, output), args.value('against'))
    if ('failures' in report) throw failed(report, output)
    sayNotes(report.notes, output)
    output.result(
      args.value('format') === 'json'
        ? `${JSON.stringify(planReportDocument(report), null, 2)}\n`
        : imagePlanText(report, args.flag('all')),
    )
    return EXIT_CLEAN
  },
}
