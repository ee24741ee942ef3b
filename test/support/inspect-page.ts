// Runs in a browser: its types are not Node's, so the few that are used are declared here.
interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly width: number;
}
interface PageElement {
  readonly tagName: string;
  readonly id: string;
  readonly textContent: string | null;
  readonly scrollWidth: number;
  readonly clientWidth: number;
  readonly scrollHeight: number;
  readonly clientHeight: number;
  readonly childNodes: Iterable<{ readonly nodeType: number; readonly textContent: string | null }>;
  readonly parentElement: PageElement | null;
  getAttribute(name: string): string | null;
  getBoundingClientRect(): Box;
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
  closest(selector: string): PageElement | null;
}
interface Style {
  readonly color: string;
  readonly fill: string;
  readonly backgroundColor: string;
  readonly overflowX: string;
  readonly fontSize: string;
}
declare const document: PageElement & { readonly documentElement: PageElement };
declare const innerWidth: number;
declare function getComputedStyle(element: PageElement): Style;

export interface Inspection {
  /** Everything that a reader could not read, a line each. */
  readonly complaints: string[];
  /** How many pieces of text were looked at. */
  readonly texts: number;
}

/**
 * What is wrong with a report as it is laid out: a page wider than the window, text that is cut off or lies outside its
 * picture, text without contrast, pictures without a name. Self-contained, as it is sent to the browser as source.
 */
export function inspectPage(): Inspection {
  const complaints: string[] = [];
  let texts = 0;
  const name = (element: PageElement) =>
    `<${element.tagName.toLowerCase()}> "${(element.textContent ?? '').trim().slice(0, 60)}"`;

  const { scrollWidth } = document.documentElement;
  if (scrollWidth > innerWidth)
    complaints.push(`the page is ${scrollWidth} px wide in a window of ${innerWidth} px`);

  const channels = (colour: string) => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (colour: string) => {
    const [r = 0, g = 0, b = 0] = channels(colour).map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a: string, b: string) => {
    const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  };
  const groundOf = (element: PageElement): string => {
    for (let at: PageElement | null = element; at !== null; at = at.parentElement) {
      const { backgroundColor } = getComputedStyle(at);
      if ((channels(backgroundColor)[3] ?? 1) > 0.5 && backgroundColor !== 'transparent')
        return backgroundColor;
    }
    return 'rgb(255, 255, 255)';
  };

  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some(
      (node) => node.nodeType === 3 && (node.textContent ?? '').trim() !== '',
    );
    const inPicture = element.closest('svg') !== null;
    if (!own || inPicture || element.closest('.hidden, .keys') !== null) continue;
    const box = element.getBoundingClientRect();
    if (box.width === 0) continue;
    texts++;
    const style = getComputedStyle(element);
    if (
      element.scrollWidth > element.clientWidth + 1 &&
      element.clientWidth > 0 &&
      style.overflowX === 'hidden'
    ) {
      complaints.push(`cut off: ${name(element)}`);
    }
    if (/^T[DH]$/.test(element.tagName) && element.scrollWidth > element.clientWidth + 1)
      complaints.push(`leaves its cell: ${name(element)}`);
    const scrolls = element.closest('.scroll, .chart') !== null;
    if (!scrolls && (box.right > innerWidth + 1 || box.left < -1))
      complaints.push(`outside the window: ${name(element)}`);
    const ratio = contrast(style.color, groundOf(element));
    if (ratio < 4.5) complaints.push(`contrast ${ratio.toFixed(2)}: ${name(element)}`);
  }

  const ids = new Set<string>();
  for (const svg of document.querySelectorAll('svg')) {
    const title = svg.querySelector('title');
    const label = title?.textContent ?? '';
    if (svg.getAttribute('role') !== 'img' || label === '' || !svg.querySelector('desc')?.textContent) {
      complaints.push(`a picture without role, title or description: ${label}`);
    }
    const names = (svg.getAttribute('aria-labelledby') ?? '').split(' ');
    if (names[0] !== title?.id) complaints.push(`a picture labelled by another's title: ${label}`);
    for (const element of svg.querySelectorAll('[id]')) {
      if (ids.has(element.id)) complaints.push(`the id ${element.id} is used twice`);
      ids.add(element.id);
    }
    const frame = svg.getBoundingClientRect();
    for (const text of svg.querySelectorAll('text')) {
      if ((text.textContent ?? '').trim() === '') continue;
      texts++;
      const box = text.getBoundingClientRect();
      const outside =
        box.left < frame.left - 1 ||
        box.right > frame.right + 1 ||
        box.top < frame.top - 1 ||
        box.bottom > frame.bottom + 1;
      if (outside) complaints.push(`outside its picture "${label}": ${name(text)}`);
      // Text in a tile has the tile's own ground; its colours are checked where they are chosen.
      const fill = getComputedStyle(text).fill;
      const onTile = fill === 'rgb(0, 0, 0)' || fill === 'rgb(255, 255, 255)';
      const ratio = contrast(fill, groundOf(svg));
      if (!onTile && ratio < 4.5)
        complaints.push(`contrast ${ratio.toFixed(2)} in "${label}": ${name(text)}`);
      const size =
        (Number.parseFloat(getComputedStyle(text).fontSize) * frame.width) /
        Number(svg.getAttribute('width'));
      if (size < 8) complaints.push(`text of ${size.toFixed(1)} px in "${label}"`);
    }
  }
  return { complaints, texts };
}
