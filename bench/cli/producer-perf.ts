#!/usr/bin/env node
import { runProgram } from './program.ts';

// Under the tool's own name, so that a script changes one word.
await runProgram(['perf', 'producer', ...process.argv.slice(2)]);
