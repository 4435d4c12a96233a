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

async function draw(chart) {
  const live = chart.querySelector(".live");
  const spec = JSON.parse(chart.querySelector("script").textContent);
  live.hidden = false;
  try {
    await vegaEmbed(live, spec, options);
    chart.classList.add("drawn");
  } catch (error) {
    // The still picture stays; whoever opens the console sees why.
    live.remove();
    console.error(error);
  }
}

(async () => {
  for (const chart of document.querySelectorAll(".chart")) await draw(chart);
  document.documentElement.dataset.charts = "drawn";
})();
