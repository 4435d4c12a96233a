"use strict";
{
  // A printed page shows the figures behind every chart, then folds them again.
  const opened = [];
  addEventListener("beforeprint", () => {
    for (const part of document.querySelectorAll("details:not([open])")) {
      part.open = true;
      opened.push(part);
    }
  });
  addEventListener("afterprint", () => {
    for (const part of opened.splice(0)) part.open = false;
  });

  // Only a table that is wider than its place needs the keyboard to be moved sideways.
  const fit = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  for (const region of document.querySelectorAll(".scroll")) fit.observe(region);

  const key = (row, column) => {
    const cell = row.cells[column];
    const order = cell.dataset.order ?? cell.textContent;
    return { order, number: order === "" ? NaN : Number(order) };
  };
  // What is missing stays last, whichever way the others go.
  const compare = (one, other, direction) => {
    if (one.order === "" || other.order === "") {
      return (one.order === "") - (other.order === "");
    }
    const numbers = !Number.isNaN(one.number) && !Number.isNaN(other.number);
    const order = numbers
      ? one.number - other.number
      : one.order.localeCompare(other.order, document.documentElement.lang);
    return order * direction;
  };
  const sort = (table, column, direction) => {
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row) => ({ row, key: key(row, column) }));
    rows.sort((one, other) => compare(one.key, other.key, direction));
    body.append(...rows.map(({ row }) => row));
  };
  for (const table of document.querySelectorAll("table.sortable")) {
    const headings = [...table.tHead.rows[0].cells];
    headings.forEach((heading, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...heading.childNodes);
      heading.append(button);
      button.addEventListener("click", () => {
        const falling = heading.ariaSort === "ascending";
        for (const other of headings) other.ariaSort = null;
        heading.ariaSort = falling ? "descending" : "ascending";
        sort(table, column, falling ? -1 : 1);
      });
    });
  }
}
