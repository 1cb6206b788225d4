/** Bytes of one file, read where they are asked for. */
export interface ByteSource {
  /** Length in bytes. */
  readonly size: number
  /**
   * Up to `length` bytes from `offset`; shorter at the end of the file, empty beyond it. The bytes are valid until the
   * next call, for the source may use one buffer for all reads.
   */
  read(offset: number, length: number): Uint8Array
}
