/** What `ksweep plot` can draw; apart from the drawing, which the command line loads only when it draws. */
export const PLOT_TYPES = ['hdr', 'hockey', 'heatmap', 'series', 'pareto'] as const;
export type PlotType = (typeof PLOT_TYPES)[number];
