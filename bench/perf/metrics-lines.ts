/** Metrics as Kafka's tools print them (ToolsUtils.printMetrics): an empty line, a heading, a line each by name. */
export function metricsLines(metrics: Readonly<Record<string, number>>): string[] {
  const names = Object.keys(metrics).sort();
  const width = Math.max(0, ...names.map((name) => name.length));
  return [
    '',
    `${'Metric Name'.padEnd(width)}   Value`,
    ...names.map((name) => `${name.padEnd(width)} : ${(metrics[name] ?? 0).toFixed(3)}`),
  ];
}
