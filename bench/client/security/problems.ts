import { KsweepError } from '../../common/errors.ts';

/** All that is wrong with client properties, told at once: one a try is a try a line. */
export class Problems {
  readonly #found: KsweepError[] = [];

  /** What `check` gives; undefined where it throws, which is then kept. */
  attempt<T>(check: () => T): T | undefined {
    try {
      return check();
    } catch (error) {
      if (!(error instanceof KsweepError)) throw error;
      this.#found.push(error);
      return undefined;
    }
  }

  throwAll(): void {
    const [first] = this.#found;
    if (first === undefined) return;
    if (this.#found.length === 1) throw first;
    throw new KsweepError(
      'client-properties-invalid',
      `the client properties have ${this.#found.length} problems`,
      {
        details: this.#found.map(({ message, hint }) =>
          hint === undefined ? message : `${message}; ${hint}`,
        ),
      },
    );
  }
}
