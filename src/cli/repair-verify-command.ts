/** The command `repair verify`. */
export { verify as command } from './repair-verify.ts'
