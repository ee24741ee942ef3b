/** What commander reads of `ksweep init`. */
export interface InitFlags {
  readonly about?: string;
  readonly load?: string;
  readonly records?: string;
  readonly partitions?: string;
  readonly repeats?: string;
  readonly force?: true;
  readonly json?: true;
}
