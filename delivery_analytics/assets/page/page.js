"use strict";
{
  // A printed page shows what is folded, then folds it again.
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
    const order = cell.dataset.o ?? cell.textContent;
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

  // A table is taken away as it stands: quantities and days as they were sent, in no
  // language's writing, and no text that a spreadsheet would take for a formula.
  const taken = (cell) => {
    const told = cell.querySelector(".chip, details");
    const text = told ? told.lastChild.textContent : (cell.dataset.o ?? cell.textContent);
    const unsafe = /^[=+\-@\t\r\n＝＋－＠]/.test(text) && Number.isNaN(Number(text));
    return `"${(unsafe ? "'" : "") + text.trim().replaceAll('"', '""')}"`;
  };
  const written = (table) => {
    const lines = [...table.rows].map((row) => [...row.cells].map(taken).join(","));
    // Its first letter is the mark by which Excel knows what the others are.
    return new Blob(["\ufeff", lines.join("\r\n"), "\r\n"], { type: "text/csv" });
  };
  for (const table of document.querySelectorAll(".scroll > table")) {
    const region = table.parentElement;
    const name = region.getAttribute("aria-label");
    const link = document.createElement("a");
    link.className = "download";
    link.href = "#";
    link.download = `${name.replaceAll(/[^\p{L}\p{N}]+/gu, "_").slice(0, 80)}.csv`;
    link.textContent = document.body.dataset.download;
    link.ariaLabel = `${link.textContent}: ${name}`;
    link.addEventListener("click", () => {
      if (link.href.startsWith("blob:")) URL.revokeObjectURL(link.href);
      link.href = URL.createObjectURL(written(table));
    });
    region.after(link);
  }
}
