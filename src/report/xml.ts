/** Text inside XML 1.0: markup is escaped, and what the format cannot hold is written as people see it. */
import { printable } from '../domain/bytes.ts'

/** As the content of an element or of an attribute in double quotes. */
export function xmlText(text: string): string {
  return text
    .split('\n')
    .map(printable)
    .join('\n')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
