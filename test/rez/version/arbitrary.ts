/** Arbitrary versions, ranges and requirements that collide often. */
import fc from 'fast-check'

const token = fc.oneof(
  fc.constantFrom('1', '2', '3', '10', '01', 'a', 'b', '_', 'rc1', 'A2'),
  fc.stringMatching(/^[A-Za-z0-9_]{1,6}$/),
)

/** Well-formed versions, now and then the empty one. */
export const versionTexts: fc.Arbitrary<string> = fc
  .array(fc.tuple(fc.constantFrom('.', '-'), token), { maxLength: 3 })
  .map((parts) => parts.map(([separator, text], i) => (i === 0 ? text : separator + text)).join(''))

const end = fc.constantFrom('1', '1.0', '2', '2.1', '3', '4', '10')

const part = fc.oneof(
  versionTexts.filter((text) => text !== ''),
  fc.tuple(fc.constantFrom('==', '>', '>=', '<', '<='), end).map(([operator, text]) => operator + text),
  end.map((text) => `${text}+`),
  fc.tuple(end, end).map(([low, high]) => `${low}+<${high}`),
  fc.tuple(end, end).map(([low, high]) => `${low}..${high}`),
  fc.tuple(end, end).map(([low, high]) => `<${high},>=${low}`),
)

/** Ranges of up to four parts; some have impossible bounds. */
export const rangeTexts: fc.Arbitrary<string> = fc
  .array(part, { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join('|'))

/** Requirements on two packages. */
export const requirementTexts: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom('', '', '!', '~'), fc.constantFrom('usd', 'nuke'), fc.option(rangeTexts))
  .map(([prefix, name, range]) => `${prefix}${name}${range === null ? '' : /^[=<>]/.test(range) ? range : `-${range}`}`)
