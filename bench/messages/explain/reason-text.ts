import type { Reason } from '../../results/result.ts';
import { language } from '../language.ts';
import { REASONS } from './reasons.ts';

const known = (code: string) =>
  Object.hasOwn(REASONS, code) ? REASONS[code as keyof typeof REASONS][language()] : null;

/** Why a repeat is invalid or failed, in the language of this process; its figures stand in the English message behind it. */
export function reasonText({ code, message }: Reason): string {
  const told = language() === 'en' ? null : known(code);
  return told === null ? message : `${told.means} (${message})`;
}

/** "lag-growing: what it means. What to do." in the language of this process; null where there is no such reason. */
export function meaningOf(code: string): string | null {
  const told = known(code);
  return told === null ? null : `${code}: ${told.means} ${told.next}`;
}
