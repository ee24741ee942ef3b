#!/usr/bin/env node

const words = process.argv.slice(2);
if (words.join(' ') === 'agent --stdio' && !process.stdin.isTTY && !process.stdout.isTTY) {
  // Of agents many start at once, and the rest of the command line is most of what one would have to load.
  const { serveStdio } = await import('../load/agent/stdio.ts');
  serveStdio();
} else {
  const { runProgram } = await import('./program.ts');
  await runProgram(words);
}

export {};
