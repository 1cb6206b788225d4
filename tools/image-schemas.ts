/** The schemas of what `image plan` and `image build` write as JSON. */
import { z } from 'zod'
import { imagePlanSchema } from '../src/image/layers/plan.ts'
import type { ImageBuildDocument } from '../src/report/image-build.ts'
import { IMAGE_BUILD_SCHEMA } from '../src/report/image-build.ts'
import type { PlanReportDocument } from '../src/report/image-plan.ts'
import { PLAN_REPORT_SCHEMA } from '../src/report/image-plan.ts'

const text = z.string()
const texts = z.array(text)
const count = z.int().min(0)
const kind = z.enum(['base', 'os', 'libraries', 'application', 'packages', 'environment'])

const report = z.strictObject({
  schema: z.literal(PLAN_REPORT_SCHEMA),
  plan: imagePlanSchema,
  change: z
    .strictObject({
      needed: z.boolean(),
      fresh: z.array(count).describe('layers that the earlier image lacks, by their place in the plan'),
      size: count,
      packages: z.array(z.strictObject({ name: text, from: text.nullable(), to: text.nullable() })),
      configuration: z.boolean(),
    })
    .nullable(),
  split: z.strictObject({ groups: z.array(z.strictObject({ tools: texts, size: count })), shared: count }),
})

const build = z.strictObject({
  schema: z.literal(IMAGE_BUILD_SCHEMA),
  path: text,
  plan: imagePlanSchema,
  written: z
    .strictObject({
      bytes: count,
      manifest_digest: text.exactOptional().describe('absent for a root folder'),
      config_digest: text.exactOptional(),
      layers: z
        .array(
          z.strictObject({
            class: kind,
            title: text,
            digest: text,
            diff_id: text,
            size: count,
            unpacked: count.nullable(),
          }),
        )
        .exactOptional(),
    })
    .nullable()
    .describe('null where nothing is under the name'),
  failing: z.array(
    z.strictObject({
      rule: text,
      severity: text,
      package: text.nullable(),
      subject: text,
      message: text,
      layer: text,
    }),
  ),
  stage: z.enum(['composed', 'written']).nullable(),
  left_out: z.array(z.strictObject({ path: text, package: text, size: count })),
  incomplete: texts,
})

/** Held equal to {@link PlanReportDocument} by the compiler. */
export const planReportSchema: z.ZodType<PlanReportDocument> = report
/** Held equal to {@link ImageBuildDocument} by the compiler. */
export const imageBuildSchema: z.ZodType<ImageBuildDocument> = build

/** JSON Schema (2020-12) of the plan. */
export function planReportJsonSchema(): object {
  return {
    $id: 'urn:airtight:image-plan-report:v1',
    title: PLAN_REPORT_SCHEMA,
    ...z.toJSONSchema(report, { io: 'input' }),
  }
}

/** JSON Schema (2020-12) of what was built. */
export function imageBuildJsonSchema(): object {
  return { $id: 'urn:airtight:image-build:v1', title: IMAGE_BUILD_SCHEMA, ...z.toJSONSchema(build, { io: 'input' }) }
}
