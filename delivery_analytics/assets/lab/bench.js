// The cell of the choosers stays in sight while the others pass beneath it; and a notebook that
// was run as a whole is shown from its top, until somebody moves.
const STYLE = `.delivery-bench {
  position: sticky; top: 0; z-index: 6; max-height: 45vh; overflow: auto;
  background: var(--jp-layout-color1, white); box-shadow: 0 2px 4px rgb(0 0 0 / 20%);
}`;

export default {
  render({ el }) {
    let stay, waits;
    const free = () => clearInterval(stay);
    const begin = () => {
      const cell = el.closest(".jp-Cell");
      const panel = el.closest(".jp-WindowedPanel-outer, .jp-Notebook");
      if (!cell || !panel) {
        // It is drawn before it is put into the page, and elsewhere than in JupyterLab never.
        waits = setTimeout(begin, 100);
        return;
      }
      cell.classList.add("delivery-bench");
      const style = document.createElement("style");
      style.textContent = STYLE;
      el.append(style);
      stay = setInterval(() => { panel.scrollTop = 0; }, 200);
      for (const kind of ["wheel", "pointerdown", "keydown"]) {
        panel.addEventListener(kind, free, { once: true, passive: true });
      }
      setTimeout(free, 30000);
    };
    begin();
    return () => { free(); clearTimeout(waits); };
  },
};
