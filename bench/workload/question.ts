/** Lines for editors and tools, which say nothing to a reader. */
const DIRECTIVE = /^(?:yaml-language-server|vim|-\*-|!)/;

/**
 * The question that a workload asks: its first comment, up to the first question mark, or else its first sentence.
 * "Question:" before it is left out. null where the file begins without a comment.
 */
export function questionOf(text: string): string | null {
  const comments: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*#+\s?(.*)$/.exec(line);
    if (match === null) {
      if (line.trim() === '' && comments.length === 0) continue;
      break;
    }
    const comment = (match[1] ?? '').trim();
    if (DIRECTIVE.test(comment)) continue;
    if (comment === '' && comments.length > 0) break;
    if (comment !== '') comments.push(comment);
  }
  const whole = comments.join(' ').replace(/^question:\s*/i, '');
  const question = /^.*?\?(?=\s|$)/.exec(whole)?.[0] ?? /^.*?[.:](?=\s|$)/.exec(whole)?.[0] ?? whole;
  const short = question.trim();
  return short === '' ? null : `${short[0]?.toUpperCase()}${short.slice(1)}`;
}
