// Charts over tables: each reads the table it stands above, which then waits behind a click. Without scripts, or where the
// library does not load, the tables are the page.

const css = getComputedStyle(document.documentElement);
const ink = (name) => css.getPropertyValue(`--${name}`).trim();
// The same colour for the same thing, and a pattern for grey print.
const COLOURS = {
  unassigned: "#cfc6b4",
  none: "#8fb3a5",
  blue: ink("blue"),
  yellow: "#d9a520",
  red: ink("seal"),
  middle: ink("accent"),
};
const FACE = { fontSize: 13, color: ink("ink-soft") };

const number = (words) => {
  const found = Number.parseFloat(words.replace(/[,\s]/g, ""));
  return Number.isNaN(found) ? null : found;
};

const read = (table) => {
  const heads = [...table.tHead.rows[0].cells];
  const rows = [...table.tBodies[0].rows];
  return {
    labels: rows.map((row) => row.cells[0].textContent.trim()),
    series: heads.flatMap((head, place) =>
      head.dataset.series
        ? [{
            key: head.dataset.series,
            name: head.textContent.trim(),
            values: rows.map((row) => number(row.cells[place].dataset.value ?? row.cells[place].textContent)),
          }]
        : [],
    ),
  };
};

const base = () => ({
  animation: false,
  textStyle: FACE,
  grid: { left: 4, right: 12, top: 30, bottom: 4, containLabel: true },
  tooltip: { trigger: "axis", renderMode: "richText", confine: true },
});
const months = (labels) => ({
  type: "category",
  data: labels,
  axisTick: { show: false },
  axisLine: { lineStyle: { color: ink("line") } },
  axisLabel: { ...FACE, hideOverlap: true, formatter: (word) => word.slice(2).replace("-", "/") },
});
const figures = (more = {}) => ({
  type: "value",
  minInterval: 1,
  axisLabel: FACE,
  splitLine: { lineStyle: { color: ink("line-soft") } },
  ...more,
});

const stack = ({ labels, series }, width) => ({
  ...base(),
  // A narrow drawing has its legend on two lines.
  grid: { ...base().grid, top: width < 460 ? 56 : 34 },
  legend: { top: 0, left: 0, itemWidth: 12, itemHeight: 12, itemGap: 10, textStyle: FACE },
  xAxis: months(labels),
  yAxis: figures(),
  series: series.map(({ key, name, values }) => ({
    type: "bar",
    stack: "all",
    name,
    data: values,
    barCategoryGap: "25%",
    itemStyle: { color: COLOURS[key] },
  })),
});

const band = ({ labels, series }) => {
  const by = Object.fromEntries(series.map((one) => [one.key, one]));
  const quiet = { type: "line", stack: "band", symbol: "none", lineStyle: { opacity: 0 }, tooltip: { show: false } };
  return {
    ...base(),
    xAxis: months(labels),
    yAxis: figures(),
    series: [
      { ...quiet, name: by.low.name, data: by.low.values },
      {
        ...quiet,
        name: by.high.name,
        data: by.high.values.map((high, place) => (high === null ? null : high - by.low.values[place])),
        areaStyle: { color: COLOURS.middle, opacity: 0.18 },
      },
      {
        type: "line",
        name: by.middle.name,
        data: by.middle.values,
        symbolSize: 6,
        lineStyle: { color: COLOURS.middle, width: 2 },
        itemStyle: { color: COLOURS.middle },
      },
    ],
  };
};

const small = ({ open, overdue, scale }) => ({
  animation: false,
  grid: { left: 2, right: 2, top: 4, bottom: 2 },
  xAxis: { type: "category", show: false, data: open.map((_one, place) => place), boundaryGap: false },
  yAxis: { type: "value", show: false, min: 0, max: scale || 1 },
  series: [
    { type: "line", data: overdue, symbol: "none", lineStyle: { width: 0 }, areaStyle: { color: COLOURS.red, opacity: 0.75 } },
    { type: "line", data: open, symbol: "none", lineStyle: { color: COLOURS.middle, width: 2 } },
  ],
});

// Each unit at its number and share, between the lines within which chance alone moves it.
const funnel = ({ labels, series }) => {
  const by = Object.fromEntries(series.map((one) => [one.key, one.values]));
  const places = [...by.whole.keys()].filter((place) => by.whole[place] > 0);
  const order = [...places].sort((one, other) => by.whole[one] - by.whole[other]);
  const limit = (key) => order.map((place) => [by.whole[place], by[key][place]]);
  const line = (key, style) => ({
    type: "line",
    data: limit(key),
    symbol: "none",
    silent: true,
    lineStyle: { color: ink("ink-soft"), width: 1, type: style },
  });
  const isOutside = (place) => by.share[place] > by.high[place] || by.share[place] < by.low[place];
  return {
    ...base(),
    tooltip: { trigger: "item", renderMode: "richText", confine: true, formatter: ({ name, value }) => `${name} ${value[1]} %` },
    xAxis: figures({ scale: true, splitLine: { show: false } }),
    yAxis: figures({ axisLabel: { ...FACE, formatter: "{value} %" }, min: 0 }),
    series: [
      line("usual", "solid"),
      line("low", "dashed"),
      line("high", "dashed"),
      {
        type: "scatter",
        symbolSize: 9,
        data: places.map((place) => ({
          name: labels[place],
          value: [by.whole[place], by.share[place]],
          itemStyle: { color: isOutside(place) ? COLOURS.red : COLOURS.middle },
          label: { show: isOutside(place) || places.length <= 12, formatter: "{b}", position: "top", ...FACE },
        })),
      },
    ],
  };
};

// Units where they lie, over the outline of the city: no tiles, only the numbers of the table. A degree of longitude is
// drawn shorter than one of latitude, as it is.
const onMap = (box) => {
  const rows = [...document.getElementById(box.dataset.table).tBodies[0].rows].filter((row) => row.dataset.latitude);
  const rings = JSON.parse(document.getElementById(box.dataset.rings)?.textContent || "[]");
  const points = rows.map((row) => ({
    name: row.cells[0].querySelector("a").textContent.trim(),
    address: row.cells[0].querySelector("a").href,
    value: [Number(row.dataset.longitude), Number(row.dataset.latitude)],
    open: number(row.cells[1].textContent) ?? 0,
    overdue: number(row.cells[2].textContent) ?? 0,
  }));
  const [east, north] = spans(points.map(({ value }) => value).concat(rings.flat()), box);
  const most = Math.max(1, ...points.map(({ open }) => open));
  const largest = points.length > 60 ? 18 : 34;
  const heads = [...document.getElementById(box.dataset.table).tHead.rows[0].cells].map((cell) => cell.textContent.trim());
  const axis = ([min, max]) => ({ type: "value", show: false, min, max });
  return {
    animation: false,
    textStyle: FACE,
    grid: { left: 4, right: 4, top: 4, bottom: 4 },
    tooltip: {
      trigger: "item",
      renderMode: "richText",
      confine: true,
      formatter: ({ data }) => `${data.name}\n${heads[1]} ${data.open}  ${heads[2]} ${data.overdue}`,
    },
    xAxis: axis(east),
    yAxis: axis(north),
    series: [
      ...rings.map((ring) => ({
        type: "line",
        data: ring,
        symbol: "none",
        silent: true,
        lineStyle: { color: "#a99f8c", width: 1.5 },
        tooltip: { show: false },
      })),
      {
        type: "scatter",
        data: points.map((point) => ({
          ...point,
          symbolSize: point.open ? Math.max(7, largest * Math.sqrt(point.open / most)) : 4,
          itemStyle: shade(point),
          label: { show: points.length <= 30, formatter: "{b}", position: "bottom", ...FACE },
        })),
        labelLayout: { hideOverlap: true },
      },
    ],
  };
};

// The paler, the smaller the share that is overdue; the words beside it stay dark.
const shade = ({ open, overdue }) => {
  if (!overdue) return { color: open ? COLOURS.middle : "#a99f8c" };
  const share = 0.35 + 0.65 * Math.min(1, overdue / Math.max(1, open));
  const channels = [1, 3, 5].map((place) => Number.parseInt(COLOURS.red.slice(place, place + 2), 16));
  return { color: `rgba(${channels.join(", ")}, ${share.toFixed(2)})`, borderColor: COLOURS.red, borderWidth: 1.5 };
};

// From where to where both axes reach, so that a kilometre is as long across as upwards.
const spans = (places, box) => {
  const range = (part) => [Math.min(...places.map((one) => one[part])), Math.max(...places.map((one) => one[part]))];
  const [west, east] = range(0);
  const [south, north] = range(1);
  const wide = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = 1.12 * Math.max(((east - west) * wide) / box.clientWidth, (north - south) / box.clientHeight, 1e-5);
  const around = (from, to, length) => [(from + to - length) / 2, (from + to + length) / 2];
  return [around(west, east, (scale * box.clientWidth) / wide), around(south, north, scale * box.clientHeight)];
};

const TABLES = { stack, band, funnel };

const draw = (box) => {
  const kind = box.dataset.chart;
  box.hidden = false;
  const wanted = (words) => (words ?? "").split(" ").map(Number);
  const option =
    kind === "map"
      ? onMap(box)
      : kind === "small"
      ? small({ open: wanted(box.dataset.open), overdue: wanted(box.dataset.overdue), scale: Number(box.dataset.scale) })
      : TABLES[kind](read(document.getElementById(box.dataset.table)), box.clientWidth);
  const chart = window.echarts.init(box, null, { renderer: "svg" });
  chart.setOption(option);
  if (kind === "map") chart.on("click", ({ data }) => data?.address && window.location.assign(data.address));
  scaleOnPaper(box);
  return chart;
};

// On paper the drawing takes the width that it is given (styles/figures.css).
const scaleOnPaper = (box) => box.querySelector("svg")?.setAttribute("viewBox", `0 0 ${box.clientWidth} ${box.clientHeight}`);

const start = () => {
  if (!window.echarts) return;
  const charts = [...document.querySelectorAll("[data-chart]")].map(draw);
  for (const behind of document.querySelectorAll("[data-behind]")) behind.open = false;
  let waits = 0;
  window.addEventListener("resize", () => {
    cancelAnimationFrame(waits);
    waits = requestAnimationFrame(() => charts.forEach((chart) => {
      chart.resize();
      scaleOnPaper(chart.getDom());
    }));
  });
};

start();
