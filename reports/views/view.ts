/** A table that says in text what a picture shows. */
export interface TableData {
  readonly caption: string;
  /** Can be sorted and filtered, with its head and first column in place. */
  readonly interactive?: boolean;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly TableRow[];
}

export interface TableColumn {
  readonly head: string;
  readonly numeric?: boolean;
  /** Shown only where a reader asks for all columns. */
  readonly extra?: boolean;
  /** A class of its fields, such as `verdict`. */
  readonly className?: string;
  /** The span of the bars in its fields, in the unit of their figures. */
  readonly span?: { readonly low: number; readonly high: number };
  /** Rows are in its order. */
  readonly sorted?: 'ascending' | 'descending';
}

/** The figure behind a field: what it sorts by, what its bar shows, and whether it is the best of its column. */
export interface FieldFigure {
  readonly value: number | null;
  readonly bounds?: { readonly low: number; readonly high: number } | null;
  readonly best?: boolean;
}

interface TableRow {
  readonly fields: readonly string[];
  /** What a page shows in place of the first field. */
  readonly links?: readonly { readonly text: string; readonly href: string | null }[];
  readonly className?: string;
  /** By column; undefined where a field sorts by its text. */
  readonly figures?: readonly (FieldFigure | undefined)[];
}

/** What every view has, whatever it draws. */
export interface View {
  readonly title: string;
  /** One or two sentences computed from the data: what a reader should see. */
  readonly reading: string;
  readonly table: TableData;
}
