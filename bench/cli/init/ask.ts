import { createInterface } from 'node:readline';
import { KsweepError } from '../../common/errors.ts';
import { type Answers, type Question, questionsFor, type TopicOfInterest, topicOf } from './questions.ts';

/** Answers that came with the command line; `undefined` where one did not. */
export type Given = { readonly [Name in keyof Answers]?: string | undefined };

/** Asks for one answer. */
export type Ask = (prompt: string) => Promise<string>;

/**
 * The five answers: those given, checked; the others asked for, or the usual ones where `ask` is null.
 * Throws usage for a given answer that is none.
 */
export async function answersFrom(
  given: Given,
  exists: (path: string) => boolean,
  ask: Ask | null,
  say: (line: string) => void,
): Promise<Answers> {
  const found: Partial<Record<keyof Answers, string>> = {};
  let about: TopicOfInterest = 'batching';
  for (let index = 0; index < questionsFor(about).length; index++) {
    const question = questionsFor(about)[index];
    if (question === undefined) break;
    const answer = await answerTo(question, given[question.name], exists, ask, say);
    if (question.name === 'about') about = topicOf(answer) ?? about;
    found[question.name] = answer;
  }
  return { load: '', records: '', partitions: '', repeats: '', ...found, about };
}

async function answerTo(
  question: Question,
  given: string | undefined,
  exists: (path: string) => boolean,
  ask: Ask | null,
  say: (line: string) => void,
): Promise<string> {
  const { name, text, fallback } = question;
  if (given !== undefined) {
    const problem = question.check(given, exists);
    if (problem === null) return given;
    throw new KsweepError('usage', `${FLAG[name]} ${given}: ${problem}`);
  }
  if (ask === null) return fallback;
  for (;;) {
    const answer = (await ask(`${text} [${fallback}] `)).trim() || fallback;
    const problem = question.check(answer, exists);
    if (problem === null) return answer;
    say(problem);
  }
}

/** The option that gives each answer. */
const FLAG: Readonly<Record<keyof Answers, string>> = {
  about: '--about',
  load: '--load',
  records: '--records',
  partitions: '--partitions',
  repeats: '--repeats',
};

/** Questions at the terminal, on stderr. Ctrl-C or the end of the input throws `interrupted`. */
export function terminalAsk(): { readonly ask: Ask; readonly close: () => void } {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  // What is typed or pasted ahead of a question answers it, too.
  const read = lines[Symbol.asyncIterator]();
  return {
    async ask(prompt) {
      lines.setPrompt(prompt);
      lines.prompt();
      const { done, value } = await read.next();
      if (done === true) throw new KsweepError('interrupted', 'stopped; nothing was written');
      return value;
    },
    close: () => lines.close(),
  };
}
