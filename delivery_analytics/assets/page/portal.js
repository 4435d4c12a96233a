"use strict";
{
  const form = document.querySelector(".filters");
  const lines = [...document.querySelectorAll(".reports > li")];
  const fields = ["kind", "key", "language", "status"].filter((name) => form.elements[name]);
  const output = form.querySelector("output");
  const none = document.querySelector(".none");

  // Kazakh is often typed on a Russian keyboard: its letters find their nearest ones too.
  const alike = { ә: "а", ғ: "г", қ: "к", ң: "н", ө: "о", ұ: "у", ү: "у", һ: "х", і: "и", ё: "е" };
  const folded = (text) =>
    text.toLowerCase().replace(/[әғқңөұүһіё]/g, (letter) => alike[letter]);
  const texts = new Map(lines.map((line) => [line, folded(line.dataset.text)]));

  const meets = (line, asked) =>
    asked.words.every((word) => texts.get(line).includes(word)) &&
    fields.every(
      (name) => !asked[name] || line.dataset[name].split(" ").includes(asked[name]),
    );

  const narrow = () => {
    const asked = { words: folded(form.elements.text.value).split(/\s+/).filter(Boolean) };
    for (const name of fields) asked[name] = form.elements[name].value;
    let listed = 0;
    for (const line of lines) {
      line.hidden = !meets(line, asked);
      listed += !line.hidden;
    }
    for (const group of document.querySelectorAll(".group")) {
      group.hidden = !group.querySelector(".reports > li:not([hidden])");
    }
    none.hidden = listed > 0 || lines.length === 0;
    output.textContent = output.dataset.text
      .replace("{n}", () => listed)
      .replace("{all}", () => lines.length);
  };

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", narrow);
  form.addEventListener("reset", () => setTimeout(narrow));
  // A reader sees the reports in the language of the page first, and all on request.
  const own = form.querySelector("option[data-own]");
  if (own) own.selected = true;
  form.hidden = lines.length === 0;
  narrow();
}
