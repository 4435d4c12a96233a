// Draws the page's charts. Put at the end of the chart library, in one closed scope.
// `ast: true` reads expressions with an interpreter: the page's policy forbids eval.
const { locale, config } = JSON.parse(document.getElementById("shared").textContent);
const options = {
  mode: "vega-lite",
  ast: true,
  actions: false,
  config,
  renderer: "svg",
  defaultStyle: false,
  tooltip: { disableDefaultStyle: true },
  formatLocale: locale.number,
  timeFormatLocale: locale.time,
};

// In a part that is folded nothing has a width: there a chart is drawn for paper first.
const PAPER = 480;
const NARROW = 480; // a legend of one line is wider

async function draw(chart) {
  const live = chart.querySelector(".live");
  const spec = JSON.parse(chart.querySelector("script").textContent);
  live.hidden = false;
  chart.classList.toggle("folded", live.clientWidth === 0);
  if (live.clientWidth === 0 && spec.width === "container") spec.width = PAPER;
  const narrow = live.clientWidth > 0 && live.clientWidth < NARROW;
  const legend = { ...config.legend, ...(narrow && { columns: 2 }) };
  try {
    await vegaEmbed(live, spec, { ...options, config: { ...config, legend } });
    chart.classList.add("drawn");
    // The newest is at the right, and is seen first.
    chart.closest(".dense .scroll")?.scrollTo(chart.clientWidth, 0);
  } catch (error) {
    // The still picture stays; whoever opens the console sees why.
    live.remove();
    console.error(error);
  }
}

(async () => {
  for (const part of document.querySelectorAll(".section")) {
    part.addEventListener("toggle", async () => {
      for (const chart of part.open ? part.querySelectorAll(".chart.folded") : []) {
        if (chart.clientWidth) await draw(chart);
      }
    });
  }
  for (const chart of document.querySelectorAll(".chart")) await draw(chart);
  document.documentElement.dataset.charts = "drawn";
})();
