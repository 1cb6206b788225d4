/** The command `repair diff`. */
export { diff as command } from './repair-verify.ts'
