/** What commander reads of `ksweep infra …`. */
export interface InfraFlags {
  readonly spec: string;
  readonly json?: true;
  readonly yes?: true;
  readonly dryRun?: true;
  readonly prices?: string;
  readonly fromAnsibleHost?: true;
  readonly configure: boolean;
}

export interface SweepFlags {
  readonly region: string;
  readonly json?: true;
  readonly yes?: true;
}
