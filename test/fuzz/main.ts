import { fuzz } from './fuzz.ts';

/** `npm run fuzz [-- mutations [seed]]`: no mutation of a file may end a command with more than a refusal. */

const [mutations = 20_000, seed = 20_260_101] = process.argv.slice(2).map(Number);
const startedAt = performance.now();
const { runs, findings } = await fuzz({
  mutations,
  seed,
  onSubject: (name, count) => console.log(`${name}: ${count} mutations`),
});
for (const { subject, text, wrong, path } of findings) {
  console.error(`\n${subject} (seed ${seed}, path ${path}): ${wrong}\n--- the file\n${text.slice(0, 4_000)}`);
}
const seconds = Math.round((performance.now() - startedAt) / 1000);
console.log(`${runs} mutations in ${seconds} s, ${findings.length} of them taken wrongly`);
process.exitCode = findings.length === 0 ? 0 : 1;
