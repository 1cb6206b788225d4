/** The version of this tool, from its package.json. */
import definition from '../../package.json' with { type: 'json' }

/** As in `airtight 0.1.0`. */
export function toolVersion(): string {
  return definition.version
}
