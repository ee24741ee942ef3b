import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { tellError } from '../../../bench/cli/describe-error.ts';
import { firstScreen } from '../../../bench/cli/first-screen.ts';
import { EXIT, KsweepError } from '../../../bench/common/errors.ts';
import { packageRoot } from '../../../bench/common/package-root.ts';
import { ERRORS } from '../../../bench/messages/explain/errors.ts';
import { meaningOf, reasonText } from '../../../bench/messages/explain/reason-text.ts';
import { REASONS } from '../../../bench/messages/explain/reasons.ts';
import { CELL_VERDICTS } from '../../../bench/messages/explain/verdicts.ts';
import { LANGUAGES, setLanguage } from '../../../bench/messages/language.ts';
import { type TextKey, text, textsIn } from '../../../bench/messages/texts.ts';
import { columnsOf } from '../../../bench/messages/width.ts';
import { suite } from '../../support/suite.ts';

const test = suite('languages');
test.after(() => setLanguage('en'));

const HANGUL = /[가-힣]/;
/** Errors that sizing, EC2, Ansible and the history end with; they are told in English. */
const ELSEWHERE = ['sizing-', 'not-comparable', 'spec-', 'history-', 'aws-', 'ansible-'];

function inKorean<T>(body: () => T): T {
  setLanguage('ko');
  try {
    return body();
  } finally {
    setLanguage('en');
  }
}

test('every language has every text, with the same places to fill in', () => {
  const english = textsIn('en');
  const placesIn = (one: string): string[] => (one.match(/\{\w+\}/g) ?? []).toSorted();
  for (const language of LANGUAGES) {
    const own = textsIn(language);
    assert.equal(Object.keys(own).toSorted(), Object.keys(english).toSorted(), language);
    for (const key of Object.keys(english) as TextKey[]) {
      assert.ok(own[key] !== '', `${language}: ${key}`);
      assert.equal(placesIn(own[key]), placesIn(english[key]), `${language}: ${key}`);
      assert.is(HANGUL.test(own[key]), language === 'ko', `${language}: ${key}`);
    }
  }
});

test('errors of a run, reasons and verdicts exist in Korean', () => {
  const missing = [
    ...Object.entries(ERRORS).filter(([code]) => !ELSEWHERE.some((start) => code.startsWith(start))),
    ...Object.entries(REASONS),
    ...Object.entries(CELL_VERDICTS),
  ].filter(([, { ko }]) => ko === undefined || !HANGUL.test(ko.means) || !HANGUL.test(ko.next));
  assert.equal(
    missing.map(([code]) => code),
    [],
  );
});

test('the page in Korean names each verdict and each exit status as the product does', () => {
  const page = readFileSync(join(packageRoot(), 'README.ko.md'), 'utf8');
  for (const verdict of Object.keys(CELL_VERDICTS) as (keyof typeof CELL_VERDICTS)[]) {
    assert.ok(page.includes(`| ${textsIn('ko')[`verdict.${verdict}`]} (${verdict}) |`), verdict);
  }
  for (const status of Object.values(EXIT)) assert.ok(page.includes(`\n| ${status} | `), String(status));
});

test('an error says in Korean what it is and what to do; the facts stay between', () => {
  const error = new KsweepError('broker-unreachable', 'no broker answered at 127.0.0.1:1', {
    hint: 'start one',
  });
  assert.is(tellError(error), 'ksweep: no broker answered at 127.0.0.1:1\n  next: start one');
  const lines = inKorean(() => tellError(error)).split('\n');
  assert.match(lines[0] ?? '', HANGUL);
  assert.is(lines[1], '  ksweep: no broker answered at 127.0.0.1:1');
  assert.match(lines.at(-1) ?? '', /^ {2}다음: /);
  // Of what is not told in Korean the English stands alone.
  const other = new KsweepError('aws-failed', 'no quota');
  assert.is(
    inKorean(() => tellError(other)),
    tellError(other),
  );
});

test('a reason is told in Korean with its figures behind it, an unknown one as it is', () => {
  const reason = { code: 'not-sustained', message: 'achieved 80.0 %' };
  assert.is(reasonText(reason), 'achieved 80.0 %');
  assert.match(
    inKorean(() => reasonText(reason)),
    /[가-힣].* \(achieved 80\.0 %\)$/,
  );
  const unknown = { code: 'topic-failed', message: 'setup: it failed' };
  assert.is(
    inKorean(() => reasonText(unknown)),
    'setup: it failed',
  );
  assert.is(meaningOf('toString'), null);
});

test('the first screen fits narrow and wide terminals, and has every command', () => {
  for (const language of LANGUAGES) {
    setLanguage(language);
    for (const columns of [60, 120]) {
      const lines = firstScreen('1.2.3', columns).split('\n');
      for (const line of lines.slice(1)) assert.ok(columnsOf(line) <= columns, `${columns}: ${line}`);
      assert.ok(lines.some((line) => line.includes('ksweep init')));
    }
    setLanguage('en');
  }
  assert.is(text('error.next', { step: 'go' }), 'next: go');
});

test('Hangul takes two columns', () => {
  assert.equal(['유효', 'ok', '가a', 'due→ack'].map(columnsOf), [4, 2, 3, 7]);
});

test.run();
