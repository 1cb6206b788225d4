/** A text that is no version, range or requirement: a value, never an exception. */

export interface ParseError {
  /** One sentence: what was found and what was expected, without a full stop. */
  readonly error: string
}

/** What a parser answers. */
export type Parsed<T extends object> = T | ParseError

/** Tells an error from any parsed value. */
export function isParseError(value: object): value is ParseError {
  return 'error' in value
}
