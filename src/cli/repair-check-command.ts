/** The command `repair check`. */
export { check as command } from './repair-verify.ts'
