"use strict";

// Draws the figures that the run sends: means with standard errors over an axis, or values over two axes.
const darkness = matchMedia("(prefers-color-scheme: dark)");
// Paper is light, whatever the screen is.
let isOnPaper = false;
const isDark = () => darkness.matches && !isOnPaper;
const viridis = ["#440154", "#482777", "#3e4a89", "#31688e", "#26828e", "#1f9e89", "#35b779", "#6dcd59",
  "#b4de2c", "#fde725"];
// Okabe and Ito's colours, without those that can't be seen on a light, or a dark, background.
const distinct = {
  light: ["#000000", "#d55e00", "#0072b2", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"],
  dark: ["#ffffff", "#e69f00", "#56b4e9", "#009e73", "#f0e442", "#cc79a7", "#d55e00"],
};
const plot = { width: 400, height: 280, left: 66, right: 12, top: 10, bottom: 46 };

const isNumber = (value) => typeof value === "number" && Number.isFinite(value);

function svg(name, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

function html(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

function format(value, digits = 4) {
  if (!isNumber(value)) return "–";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential(2).replace(/\.?0+e/, "e").replace("e+", "e");
  return String(Number(value.toPrecision(digits)));
}

// A colour of viridis, from 0 to 1.
function shade(share) {
  const place = Math.min(1, Math.max(0, share)) * (viridis.length - 1);
  const low = Math.min(Math.floor(place), viridis.length - 2);
  const channel = (text, i) => parseInt(text.slice(1 + 2 * i, 3 + 2 * i), 16);
  const mixed = [0, 1, 2].map((i) => Math.round(
    channel(viridis[low], i) + (place - low) * (channel(viridis[low + 1], i) - channel(viridis[low], i))));
  return `rgb(${mixed.join(" ")})`;
}

function colours(figure, n) {
  if (figure.colours === "distinct") {
    const palette = distinct[isDark() ? "dark" : "light"];
    return Array.from({ length: n }, (_, i) => palette[i % palette.length]);
  }
  // Only the part of the scale that can be seen on the background.
  const [from, to] = isDark() ? [0.4, 1] : [0, 0.75];
  return Array.from({ length: n }, (_, i) => shade(from + (to - from) * (n > 1 ? i / (n - 1) : 0)));
}

// A scale that turns values into places of the drawing, with its ticks.
function scale(values, isLogarithmic, from, to) {
  const usable = values.filter((value) => isNumber(value) && (!isLogarithmic || value > 0));
  let [low, high] = usable.length > 0 ? [Math.min(...usable), Math.max(...usable)] : [1, 2];
  const bend = isLogarithmic ? Math.log10 : (value) => value;
  if (low === high) [low, high] = isLogarithmic ? [low / 2, high * 2] : [low - (Math.abs(low) || 1) / 2, high + (Math.abs(high) || 1) / 2];
  const margin = (bend(high) - bend(low)) * 0.04;
  const [first, last] = [bend(low) - margin, bend(high) + margin];
  const place = (value) => from + (to - from) * (bend(value) - first) / (last - first);
  const accepts = (value) => isNumber(value) && (!isLogarithmic || value > 0);
  const ticks = isLogarithmic ? decades(first, last) : steps(first, last);
  return { place, accepts, ticks, end: isLogarithmic ? 10 ** first : first };
}

function steps(first, last) {
  const rough = (last - first) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough);
  const ticks = [];
  for (let i = Math.ceil(first / step); i * step <= last; i++) ticks.push(i * step);
  return ticks;
}

function decades(first, last) {
  const ticks = [];
  const digits = last - first > 2.5 ? [1] : last - first > 1 ? [1, 3] : [1, 2, 3, 5, 7];
  const stride = Math.max(1, Math.round((last - first) / 6));
  for (let power = Math.floor(first); power <= last; power += stride) {
    for (const digit of digits) {
      const value = digit * 10 ** power;
      if (Math.log10(value) >= first && Math.log10(value) <= last) ticks.push(value);
    }
  }
  return ticks.length > 1 ? ticks : [10 ** (first + (last - first) / 10), 10 ** (last - (last - first) / 10)]
    .map((value) => Number(value.toPrecision(2)));
}

// The shapes of points, which tell curves apart even without colours.
const marks = [
  (x, y) => `M${x - 3} ${y}a3 3 0 1 0 6 0a3 3 0 1 0 -6 0z`,
  (x, y) => `M${x - 3} ${y - 3}h6v6h-6z`,
  (x, y) => `M${x} ${y - 4}l4 7h-8z`,
  (x, y) => `M${x} ${y - 4}l4 4l-4 4l-4 -4z`,
  (x, y) => `M${x} ${y + 4}l4 -7h-8z`,
  (x, y) => `M${x - 3} ${y - 3}l6 6m0 -6l-6 6`,
  (x, y) => `M${x - 4} ${y}h8m-4 -4v8`,
];
const round = (value) => Math.round(value * 100) / 100;
// The values that a reference is drawn at: a level, or points.
const heights = (reference) => (reference.course.level ? [reference.course.level._0]
  : reference.course.points._0.map((point) => point.y));

function axes(figure, x, y) {
  const [left, bottom] = [plot.left, plot.height - plot.bottom];
  const group = svg("g", { "aria-hidden": "true" });
  for (const tick of x.ticks) {
    const at = round(x.place(tick));
    group.append(svg("path", { class: "gridline", d: `M${at} ${plot.top}V${bottom}` }),
      svg("text", { x: at, y: bottom + 17, "text-anchor": "middle" }, format(tick)));
  }
  for (const tick of y.ticks) {
    const at = round(y.place(tick));
    group.append(svg("path", { class: "gridline", d: `M${left} ${at}H${plot.width - plot.right}` }),
      svg("text", { x: left - 5, y: at + 4, "text-anchor": "end" }, format(tick)));
  }
  group.append(svg("path", { class: "axis", d: `M${left} ${plot.top}V${bottom}H${plot.width - plot.right}` }));
  return titles(figure, group);
}

function titles(figure, group) {
  const middle = (plot.top + plot.height - plot.bottom) / 2;
  group.append(
    svg("text", { x: (plot.left + plot.width - plot.right) / 2, y: plot.height - 8, "text-anchor": "middle" },
      figure.x.title),
    svg("text", { transform: `translate(14 ${middle}) rotate(-90)`, "text-anchor": "middle" }, figure.y.title));
  return group;
}

// What curves are compared with: dotted, or a cross for a lone point.
function drawReferences(references, palette, x, y) {
  const place = (point) => `${round(x.place(point.x))} ${round(y.place(point.y))}`;
  return references.map(({ course, curve }) => {
    const points = course.points?._0 ?? [];
    const isLone = points.length === 1;
    const path = course.level ? `M${plot.left} ${round(y.place(course.level._0))}H${plot.width - plot.right}`
      : `M${points.map(place).join("L")}${isLone ? "m-4 0h8m-4 -4v8" : ""}`;
    return svg("path", { d: path, stroke: palette[curve] ?? "currentColor", "stroke-width": 1.5, fill: "none",
      ...(isLone ? {} : { "stroke-dasharray": "2 4" }) });
  });
}

// Rings around the best points; those that would hide each other get wider and wider.
function drawRings(curves, palette, x, y) {
  const places = [];
  return curves.flatMap((curve, i) => {
    const best = curve.best == null ? undefined : curve.points[curve.best];
    if (!best || !x.accepts(best.x) || !y.accepts(best.y)) return [];
    const [cx, cy] = [round(x.place(best.x)), round(y.place(best.y))];
    const hidden = places.filter(([u, v]) => Math.abs(u - cx) < 5 && Math.abs(v - cy) < 5).length;
    places.push([cx, cy]);
    const ring = svg("circle", { cx, cy, r: 7.5 + 3 * hidden, fill: "none", stroke: palette[i], "stroke-width": 2 });
    if (!curve.plausible) return [ring];
    // From where to where nothing can be told from the best: a bar with an end at either side.
    const [low, high] = [curve.plausible.low, curve.plausible.high].map((end) => round(x.place(end)));
    const path = `M${low} ${cy - 4}v8m0 -4H${high}m0 -4v8`;
    return [svg("path", { d: path, stroke: palette[i], "stroke-width": 2, fill: "none" }), ring];
  });
}

// What a point's band covers: one standard error to either side, or what can't be told from a best value.
const band = (point) => (point.range ? [point.range.low, point.range.high]
  : isNumber(point.error) ? [point.y - point.error, point.y + point.error] : null);

function drawCurves(figure, panel, x, y) {
  const curves = panel.content.curves._0;
  const palette = colours(figure, curves.length);
  const group = svg("g", {}, ...drawReferences(panel.references, palette, x, y));
  curves.forEach((curve, i) => {
    const colour = palette[i];
    const points = curve.points.filter((point) => x.accepts(point.x) && y.accepts(point.y));
    const at = (point) => `${round(x.place(point.x))} ${round(y.place(point.y))}`;
    const bounded = points.filter(band);
    if (bounded.length > 1) {
      const edge = (point, end) => {
        const value = band(point)[end];
        return at({ x: point.x, y: y.accepts(value) ? value : y.end });
      };
      const ring = [...bounded.map((point) => edge(point, 1)), ...bounded.reverse().map((point) => edge(point, 0))];
      group.append(svg("path", { d: `M${ring.join("L")}z`, fill: colour, "fill-opacity": 0.18 }));
    }
    if (curve.limit && y.accepts(curve.limit.y)) {
      const level = round(y.place(curve.limit.y));
      group.append(svg("path", { d: `M${plot.left} ${level}H${plot.width - plot.right}`, stroke: colour,
        "stroke-width": 1.5, "stroke-dasharray": "6 4", fill: "none" }));
    }
    if (points.length > 1) {
      group.append(svg("path", { d: `M${points.map(at).join("L")}`, stroke: colour, "stroke-width": 1.75, fill: "none" }));
    }
    const mark = marks[i % marks.length];
    const shapes = (list) => list.map((point) => mark(round(x.place(point.x)), round(y.place(point.y)))).join("");
    group.append(svg("path", { d: shapes(points.filter((point) => !point.isPartial)), fill: colour, stroke: colour }),
      svg("path", { class: "hollow", d: shapes(points.filter((point) => point.isPartial)), stroke: colour }));
  });
  group.append(...drawRings(curves, palette, x, y));
  return group;
}

// The values that a scale has to cover: those of all figures of the quantity, where these are known.
const covered = (quantity, values) => (quantity.extent ? [quantity.extent.low, quantity.extent.high] : values);

function curvesPanels(figure, panels) {
  const all = panels.flatMap((panel) => panel.content.curves._0);
  const points = all.flatMap((curve) => curve.points);
  const levels = all.flatMap((curve) => (curve.limit ? [curve.limit] : []));
  const x = scale(points.map((point) => point.x), figure.x.isLogarithmic, plot.left, plot.width - plot.right);
  const values = [...points, ...levels].flatMap((point) => [point.y, ...(band(point) ?? [])]).concat(panels.flatMap((panel) => panel.references.flatMap(heights)));
  const y = scale(covered(figure.y, values), figure.y.isLogarithmic, plot.height - plot.bottom, plot.top);
  return panels.map((panel) => [axes(figure, x, y), drawCurves(figure, panel, x, y)]);
}

function curvesLegend(figure, panels) {
  const curves = panels[0].content.curves._0;
  const all = panels.flatMap((panel) => panel.content.curves._0);
  const palette = colours(figure, curves.length);
  const items = curves.map((curve, i) => html("li", {},
    svg("svg", { viewBox: "0 0 36 16", "aria-hidden": "true" },
      svg("path", { d: "M0 8H36", stroke: palette[i], "stroke-width": 1.75 }),
      svg("path", { d: marks[i % marks.length](18, 8), fill: palette[i], stroke: palette[i] })), curve.label));
  const notes = [];
  if (all.some((curve) => curve.limit)) notes.push(`dashed: ${figure.x.limit ?? "the limit"}`);
  const reference = panels.flatMap((panel) => panel.references)[0];
  if (reference) notes.push(`dotted: ${reference.label}`);
  if (all.some((curve) => curve.best != null)) notes.push("ringed: the best");
  if (all.some((curve) => curve.plausible)) notes.push("bars: what can't be told from it");
  if (all.some((curve) => curve.points.some((point) => isNumber(point.error)))) notes.push("shaded: one standard error");
  if (all.some((curve) => curve.points.some((point) => point.range))) notes.push("shaded: what can't be told from the best");
  if (all.some((curve) => curve.points.some((point) => point.isPartial))) notes.push("hollow: seeds are missing");
  return html("ul", { class: "legend", "aria-label": figure.key.title || "Lines" },
    ...(figure.key.title ? [html("li", {}, `${figure.key.title}:`)] : []), ...items,
    ...(notes.length > 0 ? [html("li", {}, `(${notes.join("; ")})`)] : []));
}

// rows: texts, the first being the row's header.
function valueTable(caption, columns, rows) {
  const cells = (row) => row.map((text, i) => (i === 0
    ? html("th", { scope: "row" }, text) : html("td", { class: "number" }, text)));
  return html("div", { class: "scroller", tabindex: "0", role: "region", "aria-label": caption },
    html("table", {}, html("caption", {}, caption),
      html("thead", {}, html("tr", {}, ...columns.map((title, i) =>
        html("th", { scope: "col", ...(i > 0 ? { class: "number" } : {}) }, title)))),
      html("tbody", {}, ...rows.map((row) => html("tr", {}, ...cells(row))))));
}

function panelTable(figure, panel) {
  const caption = panel.title || figure.title;
  if (panel.content.map) {
    const { x, y, values } = panel.content.map._0;
    return valueTable(`${caption}: ${figure.key.title}`, [`${figure.y.name} \\ ${figure.x.name}`, ...x.map((u) => format(u))],
      y.map((value, row) => [format(value), ...values[row].map((value) => format(value))]));
  }
  const curves = panel.content.curves._0;
  const doubt = ({ error, range }) => (isNumber(error) ? ` ± ${format(error, 2)}`
    : range ? ` (${format(range.low)} to ${format(range.high)})` : "");
  const text = (point, isBest) => (point ? `${format(point.y)}${doubt(point)}${isBest ? " (best)" : ""}` : "–");
  const xs = [...new Set(curves.flatMap((curve) => curve.points.map((point) => point.x)))].sort((a, b) => a - b);
  const rows = xs.map((x) => [format(x), ...curves.map((curve) => {
    const i = curve.points.findIndex((point) => point.x === x);
    return text(curve.points[i], i >= 0 && curve.best === i);
  })]);
  if (curves.some((curve) => curve.limit)) rows.push([figure.x.limit ?? "limit", ...curves.map((curve) => text(curve.limit, false))]);
  return valueTable(`${caption}: ${figure.y.title}`, [figure.x.title, ...curves.map((curve) => curve.label)], rows);
}

function drawFigure(figure, isOpen) {
  const isMap = Boolean(figure.panels[0].content.map);
  const drawings = (isMap ? mapPanels : curvesPanels)(figure, figure.panels);
  const panels = figure.panels.map((panel, i) => {
    const name = panel.title ? `${figure.title}, ${panel.title}` : figure.title;
    return html("div", {}, ...(panel.title ? [html("h4", {}, panel.title)] : []),
      svg("svg", { viewBox: `0 0 ${plot.width} ${plot.height}`, role: "img",
        "aria-label": `${name}; the table below has its values` }, ...drawings[i]));
  });
  const details = html("details", {}, html("summary", {}, `Values of “${figure.title}”`),
    ...figure.panels.map((panel) => panelTable(figure, panel)));
  details.open = isOpen;
  return html("figure", { id: `figure-${figure.name}` },
    html("figcaption", {}, html("h3", {}, figure.title), html("p", {}, figure.caption)),
    html("div", { class: "panels" }, ...panels),
    isMap ? mapLegend(figure, figure.panels) : curvesLegend(figure, figure.panels), details);
}

let drawn = { figures: [] };

// Replaces the figures. A table that the reader has opened stays open, and the focus stays where it was.
function showFigures(next) {
  drawn = next;
  const parent = document.getElementById("figures");
  const open = new Set([...parent.querySelectorAll("figure")].filter((figure) => figure.querySelector("details").open)
    .map((figure) => figure.id));
  const focused = document.activeElement?.closest("summary")?.closest("figure")?.id;
  parent.replaceChildren(...next.figures.map((figure) => drawFigure(figure, open.has(`figure-${figure.name}`))));
  if (focused) document.getElementById(focused)?.querySelector("summary").focus();
  const text = document.getElementById("figures-text");
  text.hidden = next.figures.length > 0 && !next.error;
  text.textContent = next.error ? `They can't be drawn: ${next.error}` : "None yet.";
}

darkness.addEventListener("change", () => showFigures(drawn));
for (const [event, state] of [["beforeprint", true], ["afterprint", false]]) {
  addEventListener(event, () => {
    isOnPaper = state;
    showFigures(drawn);
  });
}
