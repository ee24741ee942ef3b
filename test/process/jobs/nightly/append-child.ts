import { HistoryStore } from '../../../../bench/jobs/nightly/history/store.ts';

/** Appends `count` numbered lines to one series, each an append of its own. Arguments: dir, path, writer, count. */
const [dir = '', path = '', writer = '', count = '0'] = process.argv.slice(2);
const store = await HistoryStore.open(dir);
process.send?.('ready');
for (let i = 0; i < Number(count); i++) {
  await store.append('n', [{ path, lines: [JSON.stringify({ writer, i })] }]);
}
process.disconnect?.();
