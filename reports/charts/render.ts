import { CustomChart, LineChart, ScatterChart } from 'echarts/charts';
import {
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TitleComponent,
} from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { escaped } from '../html/markup.ts';
import type { SecondLatencies } from '../views/second-latencies.ts';
import { colour, withLightColours } from './palette.ts';

echarts.use([
  CustomChart,
  LineChart,
  ScatterChart,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TitleComponent,
  SVGRenderer,
]);

/** A chart before it is drawn. */
export interface Chart {
  readonly width: number;
  readonly height: number;
  readonly option: echarts.EChartsCoreOption;
  /** What a mark says when it is pointed at: by the index of its series and, within that, of its data. */
  readonly tips?: readonly (readonly (string | null)[] | null)[];
  /** For a series that belongs to the legend's entry of another one, such as its error bars: that one's index. */
  readonly belongsTo?: Readonly<Record<number, number>>;
  /** Series that name another one at its end, as a legend would: from their index to that one's. */
  readonly labels?: Readonly<Record<number, number>>;
  /** Where pointing shows the row of the figure's table: pixels of the plot's edges, and what they stand for. */
  readonly xAxis?: {
    readonly left: number;
    readonly right: number;
    readonly min: number;
    readonly max: number;
  };
  /** The same drawn for that much room, where it can be. */
  readonly sized?: (width: number, height: number) => Chart;
  /** What a range of seconds on that axis can be asked for. */
  readonly latencies?: SecondLatencies | null;
}

/** Of a chart whose margins are fixed and whose plot takes the rest. */
export const elastic = (chart: Chart): Chart => ({
  ...chart,
  sized: (width, height) => ({ ...chart, width, height }),
});

export const CHART_WIDTH = 960;
/** Text of 13 px at the nominal width stays above 9 px at the smallest width at which a chart is shown. */
export const FONT_SIZE = 13;
/** Texts that a chart draws itself have to name it: nothing hands it down to them. */
export const FONT = 'system-ui, sans-serif';
/** Filled with this where there is no valid figure. */
export const HATCH = 'url(#hatch)';
const HATCH_DEFINITION = `<defs><pattern id="hatch" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="8" height="8" fill="${colour('card')}"/><line x1="0" y1="0" x2="0" y2="8" stroke="${colour('soft')}" stroke-width="3"/></pattern></defs>`;

/** Styles that every axis shares. */
export const axisLook = {
  axisLabel: { color: colour('fg'), fontSize: FONT_SIZE },
  axisLine: { lineStyle: { color: colour('soft') } },
  axisTick: { lineStyle: { color: colour('soft') } },
  splitLine: { lineStyle: { color: colour('line') } },
  minorSplitLine: { lineStyle: { color: colour('line'), opacity: 0.5 } },
  nameTextStyle: { color: colour('fg'), fontSize: FONT_SIZE },
} as const;

/** Labels of an axis of values: those at its ends, which are no round figures, are left out. */
export const valueLabels = (formatter: (value: number) => string) => ({
  ...axisLook.axisLabel,
  hideOverlap: true,
  showMinLabel: false,
  showMaxLabel: false,
  formatter,
});

/** A legend below the plot, a line an entry, as long as labels of several settings need it. */
export function legendBelow(names: readonly string[]): { readonly legend: object; readonly height: number } {
  const height = names.length * 22;
  const legend = {
    data: [...names],
    orient: 'vertical',
    left: 60,
    bottom: 10,
    itemGap: 8,
    itemWidth: 40,
    padding: 0,
    inactiveColor: colour('soft'),
    textStyle: { color: colour('fg'), fontSize: FONT_SIZE },
  };
  return { legend, height: height + 24 };
}

/** Where lines are named at their ends. */
export const NO_LEGEND = { legend: { show: false }, height: 0 } as const;

/** What a chart says to those who can't see it, and the prefix of its ids, unique in the page. */
export interface ChartText {
  readonly id: string;
  readonly title: string;
  readonly description: string;
}

/** The chart as an SVG with a title and a description for those who can't see it, in the page's colours. */
export function renderSvg(chart: Chart, text: ChartText): string {
  const instance = echarts.init(null, null, {
    renderer: 'svg',
    ssr: true,
    width: chart.width,
    height: chart.height,
  });
  instance.setOption({
    animation: false,
    backgroundColor: 'transparent',
    textStyle: { fontFamily: FONT, color: colour('fg') },
    ...chart.option,
  });
  const raw = instance.renderToSVGString();
  instance.dispose();
  const { id } = text;
  const head = `<title id="${id}-title">${escaped(text.title)}</title><desc id="${id}-desc">${escaped(text.description)}</desc>`;
  const hatch = raw.includes(HATCH) ? HATCH_DEFINITION : '';
  const size = `viewBox="0 0 ${chart.width} ${chart.height}" width="${chart.width}" height="${chart.height}"`;
  const open = `<svg xmlns="http://www.w3.org/2000/svg" ${size} preserveAspectRatio="xMinYMid meet" role="img" aria-labelledby="${id}-title ${id}-desc" font-family="${FONT}"${axisAttribute(chart)}>`;
  return compact(withMarks(raw, chart))
    .replace(/^<svg [^>]*>/, () => `${open}${head}${hatch}`)
    .replaceAll('hatch"', `${id}-hatch"`)
    .replaceAll(HATCH, `url(#${id}-hatch)`)
    .replace(/zr\d+-/g, `${id}-`);
}

/** The same as a file of its own: on a white ground, with plain colours that every viewer knows. */
export function renderSvgFile(chart: Chart, text: ChartText): string {
  const ground = `<rect width="${chart.width}" height="${chart.height}" fill="${colour('bg')}"/>`;
  return `${withLightColours(renderSvg(chart, text).replace('</desc>', `</desc>${ground}`))}\n`;
}

const axisAttribute = ({ xAxis }: Chart): string =>
  xAxis === undefined ? '' : ` data-x="${[xAxis.left, xAxis.right, xAxis.min, xAxis.max].join(' ')}"`;

/** What the renderer says of each mark (its series and data) as what a script can show and hide. */
function withMarks(svg: string, { tips, belongsTo, labels, option }: Chart): string {
  const hasLegend = labels !== undefined || svg.includes('ecmeta_ssr_type="legend"');
  const nameOf = (index: number) =>
    (option['series'] as readonly { readonly name?: string }[])[index]?.name ?? '';
  const marked = svg.replace(/<[a-z]+ [^>]*ecmeta_series_index="(\d+)"[^>]*>/g, (tag, index: string) => {
    const named = labels?.[Number(index)];
    const series = named ?? belongsTo?.[Number(index)] ?? Number(index);
    if (named !== undefined || tag.includes('ecmeta_ssr_type="legend"')) {
      return withAttribute(withAttribute(tag, 'data-name', nameOf(series)), 'data-legend', String(series));
    }
    const data = /ecmeta_data_index="(\d+)"/.exec(tag)?.[1];
    const tip = data === undefined || tag.startsWith('<text') ? null : tips?.[Number(index)]?.[Number(data)];
    const owned = hasLegend ? withAttribute(tag, 'data-series', String(series)) : tag;
    return tip == null ? owned : withAttribute(owned, 'data-tip', tip);
  });
  // A name stands behind the place where it is clicked, and fades with it.
  return marked.replace(/(<[a-z]+( data-legend="\d+")[^>]*><\/[a-z]+>\s*<text)/g, '$1$2');
}

const withAttribute = (tag: string, name: string, value: string): string =>
  tag.replace(/^<[a-z]+/, (start) => `${start} ${name}="${escaped(value)}"`);

/** What a browser can do without: repeated fonts, classes of the interactive mode, digits below a hundredth of a pixel (in
 * tags alone: what a chart says in words stays as it is). */
function compact(svg: string): string {
  return svg
    .replaceAll(`font-family:${FONT};`, '')
    .replaceAll(' pointer-events="visible"', '')
    .replaceAll(' xml:space="preserve"', '')
    .replace(/ class="zr[^"]*"/g, '')
    .replace(/ ecmeta_[a-z_]+="[^"]*"/g, '')
    .replace(/<style[^>]*>\s*<!\[CDATA\[[\s\S]*?\]\]>\s*<\/style>/g, '')
    .replace(/<[^>]+>/g, (tag) => tag.replace(/(\d+\.\d\d)\d+/g, '$1'));
}
