/** How a report marks what matters: two accents with a meaning, and weight. Reports never know what a colour is. */

export interface Style {
  /** Found nowhere, or an error. */
  readonly missing: (text: string) => string
  /** Taken from the host, or a warning. */
  readonly leak: (text: string) => string
  readonly strong: (text: string) => string
  readonly faint: (text: string) => string
  /** A text that leads to a file where the terminal can follow links; `path` is absolute, bytes as read. */
  readonly file: (text: string, path: string) => string
}

function plain(text: string): string {
  return text
}

/** No marks at all: for pipes and files. */
export const plainStyle: Style = { missing: plain, leak: plain, strong: plain, faint: plain, file: plain }
