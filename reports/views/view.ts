/** A table that says in text what a picture shows. */
export interface TableData {
  readonly caption: string;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly TableRow[];
}

interface TableColumn {
  readonly head: string;
  readonly numeric?: boolean;
}

interface TableRow {
  readonly fields: readonly string[];
  readonly className?: string;
}

/** What every view has, whatever it draws. */
export interface View {
  readonly title: string;
  /** One or two sentences computed from the data: what a reader should see. */
  readonly reading: string;
  readonly table: TableData;
}
