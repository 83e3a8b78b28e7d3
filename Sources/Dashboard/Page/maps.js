"use strict";

// Draws values over two axes as colours.
function mapRange(figure, panels) {
  const values = covered(figure.key, panels.flatMap((panel) => panel.content.map._0.values.flat()))
    .filter((value) => isNumber(value) && (!figure.key.isLogarithmic || value > 0));
  return values.length > 0 ? [Math.min(...values), Math.max(...values)] : [0, 1];
}

// Where the values of an axis of a map are drawn, and where their strips end: in the middle between neighbours.
function strips(values, isLogarithmic, from, to) {
  const bent = values.map((value) => (isLogarithmic ? Math.log10(value) : value));
  const middles = bent.slice(1).map((value, i) => (value + bent[i]) / 2);
  const ends = middles.length > 0 ? [2 * bent[0] - middles[0], ...middles, 2 * bent.at(-1) - middles.at(-1)]
    : [bent[0] - 0.5, bent[0] + 0.5];
  const place = (value) => from + (to - from) * (value - ends[0]) / (ends.at(-1) - ends[0]);
  return { places: bent.map(place), ends: ends.map(place) };
}

function mapPanels(figure, panels) {
  const [low, high] = mapRange(figure, panels);
  const bend = figure.key.isLogarithmic ? Math.log10 : (value) => value;
  const share = (value) => (high > low ? (bend(value) - bend(low)) / (bend(high) - bend(low)) : 0.5);
  return panels.map((panel) => {
    const { x, y, values, partial } = panel.content.map._0;
    const [left, bottom] = [plot.left, plot.height - plot.bottom];
    const across = strips(x, figure.x.isLogarithmic, left, plot.width - plot.right);
    const up = strips(y, figure.y.isLogarithmic, bottom, plot.top);
    const group = svg("g");
    y.forEach((v, row) => x.forEach((u, column) => {
      const value = values[row][column];
      const isThere = isNumber(value) && (!figure.key.isLogarithmic || value > 0);
      group.append(svg("rect", { x: round(across.ends[column]), y: round(up.ends[row + 1]),
        width: round(across.ends[column + 1] - across.ends[column]), height: round(up.ends[row] - up.ends[row + 1]),
        ...(isThere ? { fill: shade(share(value)) } : { class: "missing" }) },
      svg("title", {}, `${figure.x.name} ${format(u)}, ${figure.y.name} ${format(v)}: ${format(value)}`)));
    }));
    values.forEach((list, row) => {
      const there = list.filter(isNumber);
      if (there.length === 0) return;
      group.append(svg("circle", { class: "best", cx: round(across.places[list.indexOf(Math.min(...there))]),
        cy: round(up.places[row]), r: 4 }));
    });
    for (const [column, row] of partial) {
      group.append(svg("path", { class: "hollow", stroke: "currentColor",
        d: marks[1](round(across.places[column]), round(up.places[row])) }));
    }
    const labels = svg("g", { "aria-hidden": "true" });
    // Labels that leave each other the room that they need.
    const some = (places, room) => places.reduce((chosen, place, i) => (chosen.length === 0
      || Math.abs(place - places[chosen.at(-1)]) >= room ? [...chosen, i] : chosen), []);
    for (const i of some(across.places, 46)) {
      labels.append(svg("text", { x: round(across.places[i]), y: bottom + 17, "text-anchor": "middle" }, format(x[i])));
    }
    for (const i of some(up.places, 18)) {
      labels.append(svg("text", { x: left - 5, y: round(up.places[i] + 4), "text-anchor": "end" }, format(y[i])));
    }
    return [group, titles(figure, labels)];
  });
}

function mapLegend(figure, panels) {
  const [low, high] = mapRange(figure, panels);
  const bar = svg("svg", { class: "scale", viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" });
  for (let i = 0; i < 50; i++) bar.append(svg("rect", { x: i * 2, y: 0, width: 2.1, height: 10, fill: shade(i / 49) }));
  return html("ul", { class: "legend", "aria-label": figure.key.title },
    html("li", {}, `${figure.key.title}:`), html("li", {}, format(low), bar, format(high)),
    html("li", {}, "(dots: the best of each row)"));
}
