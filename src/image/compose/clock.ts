/** Times of an image: those of its files, none later than SOURCE_DATE_EPOCH where that is set. Never the machine's clock. */

export interface Clock {
  /** Seconds since 1970 for a time in nanoseconds. */
  clamped(modifiedNs: bigint): number
  /** When the image was made: SOURCE_DATE_EPOCH, else the time of the newest file that was asked for. */
  newest(): number
  /** Files that are newer than SOURCE_DATE_EPOCH: what Python compiled of them is stale in the image. */
  readonly cut: number
}

const SECOND = 1_000_000_000n

/** @param epoch SOURCE_DATE_EPOCH in seconds, null where it is not set */
export function imageClock(epoch: number | null): Clock {
  let newest = 0
  let cut = 0
  return {
    clamped: (modifiedNs) => {
      const seconds = Math.max(0, Number(modifiedNs / SECOND))
      newest = Math.max(newest, seconds)
      if (epoch === null || seconds <= epoch) return seconds
      cut += 1
      return epoch
    },
    newest: () => epoch ?? newest,
    get cut(): number {
      return cut
    },
  }
}
