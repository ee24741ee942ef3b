/** What commander reads of `ksweep history …`. */
export interface HistoryFlags {
  readonly history: string;
  readonly json?: true;
}

export interface ShowFlags extends HistoryFlags {
  readonly around?: string;
  readonly delta?: string;
  readonly deltaFor: string[];
}

export interface ExplainFlags extends HistoryFlags {
  readonly night?: string;
  readonly delta?: string;
  readonly deltaFor: string[];
}

export interface ImportFlags extends HistoryFlags {
  readonly suite?: string;
  readonly canary?: true;
  readonly label?: string;
  readonly commit?: string;
}

/** Who changes what the history says, and why. */
export interface MarkFlags extends HistoryFlags {
  readonly night?: string;
  readonly series?: string;
  readonly all?: true;
  readonly by?: string;
  readonly why: string;
}
