/** A place in a YAML file: keys and list positions from the root. */
export type Path = readonly (string | number)[];

/** One change of a file's content: as text, and as what the text is parsed into. */
export interface Edit {
  /** UTF-16 offsets into the file's text: `[start, end)` is replaced by `text`. */
  start: number;
  end: number;
  text: string;
  patch: Patch;
}

export type Patch =
  | { op: 'set'; path: Path; value: unknown }
  | { op: 'drop'; path: Path }
  | { op: 'rename'; path: Path; to: string }
  | { op: 'add'; path: Path; key: string; value: unknown };
