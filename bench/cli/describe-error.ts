import { describeError, KsweepError } from '../common/errors.ts';
import { ERRORS } from '../messages/explain/errors.ts';
import { language } from '../messages/language.ts';
import { text } from '../messages/texts.ts';

/** An error for people; in another language than English what its code means comes first, and what to do last. */
export function tellError(error: unknown): string {
  const english = describeError(error);
  const chosen = language();
  if (chosen === 'en' || !(error instanceof KsweepError)) return english;
  const told = ERRORS[error.code][chosen];
  if (told === undefined) return english;
  return [
    `ksweep: ${told.means}`,
    `  ${english.replaceAll('\n', '\n  ')}`,
    `  ${text('error.next', { step: told.next })}`,
  ].join('\n');
}
