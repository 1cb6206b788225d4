/** Ctrl-C and a polite kill: the work that is under way is told, and puts away what it began. */

/** Runs work that ends early when its signal is aborted. A second Ctrl-C ends the program at once. */
export async function interrupted<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  const abort = (): void => {
    controller.abort()
  }
  process.once('SIGINT', abort)
  process.once('SIGTERM', abort)
  try {
    return await work(controller.signal)
  } finally {
    process.off('SIGINT', abort)
    process.off('SIGTERM', abort)
  }
}
