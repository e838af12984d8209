// Filters, searches, counts and sorts a list. Without this the page shows the whole list, and no filters.
//
// A row is kept by a choice if the choice is one of its keys: `data-keys` of the row and of its group. What is chosen
// stands in the address, so that it can be shared, and goes along to the other languages.
{
  const lang = document.documentElement.lang;
  const form = document.getElementById("filters");
  const table = document.querySelector("table[data-list]");
  const output = form.querySelector("output");
  const nothing = document.querySelector(".none");
  const groups = [...table.tBodies].map((body) => ({
    body,
    rows: [...body.rows]
      .filter((row) => !row.matches(".grp"))
      .map((row, place) => ({
        row,
        place,
        keys: new Set(`${body.dataset.keys ?? ""} ${row.dataset.keys}`.split(" ")),
      })),
  }));
  const rows = groups.flatMap((group) => group.rows);
  const whole = output.textContent;

  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const number = (value) => value.toLocaleString(`${lang}-u-nu-latn`);
  const plurals = new Intl.PluralRules(lang);
  const showing = (count) => {
    const word = output.dataset[plurals.select(count)] ?? output.dataset.other;
    return word.replace("{n}", number(count)).replace("{total}", number(rows.length));
  };

  const remember = (chosen) => {
    const hash = chosen.size > 0 ? `#${chosen}` : "";
    history.replaceState(null, "", hash || location.href.split("#")[0]);
    for (const link of document.querySelectorAll("a[hreflang]")) link.hash = hash;
  };

  const filter = () => {
    const chosen = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
    const words = plain(form.q.value).split(" ").filter(Boolean);
    const keys = [...chosen].filter(([name]) => name !== "q" && name !== "sort").map(([, value]) => value);
    let shown = 0;
    for (const { body, rows } of groups) {
      let shownHere = 0;
      for (const entry of rows) {
        const isKept =
          keys.every((key) => entry.keys.has(key)) &&
          words.every((word) => (entry.text ??= plain(entry.row.textContent)).includes(word));
        entry.row.hidden = !isKept;
        if (isKept) shownHere += 1;
      }
      body.hidden = shownHere === 0;
      shown += shownHere;
    }
    output.textContent = shown === rows.length ? whole : showing(shown);
    nothing.hidden = shown > 0;
    table.hidden = shown === 0;
    remember(chosen);
  };

  // Sorts each group by a column; without one as the page was made.
  const sort = (column, direction) => {
    const collator = new Intl.Collator(lang, { numeric: true });
    const text = (entry) => entry.row.cells[column].textContent.trim();
    const byColumn = (one, other) => direction * collator.compare(text(one), text(other));
    for (const { body, rows } of groups) {
      rows.sort((one, other) => (column === undefined ? 0 : byColumn(one, other)) || one.place - other.place);
      body.append(...rows.map((entry) => entry.row));
    }
    for (const [place, heading] of [...table.tHead.rows[0].cells].entries()) {
      const order = direction > 0 ? "ascending" : "descending";
      heading.ariaSort = place === column ? order : null;
    }
  };

  const sortAsChosen = () => (form.sort.value ? sort(Number(form.sort.value) - 1, 1) : sort());

  // Headings of columns become buttons. Browsers do not print those of later sheets, hence the text beside them.
  for (const heading of table.querySelectorAll("[data-sorts]")) {
    const title = heading.textContent.trim();
    const onPaper = document.createElement("span");
    onPaper.className = "po";
    onPaper.textContent = title;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = title;
    button.addEventListener("click", () => {
      sort(heading.cellIndex, heading.ariaSort === "ascending" ? -1 : 1);
    });
    heading.replaceChildren(onPaper, button);
  }

  // How many rows a choice keeps, where the page does not say so.
  for (const option of form.querySelectorAll("[data-counted] option:not([value=''])")) {
    option.label += ` (${rows.filter(({ keys }) => keys.has(option.value)).length})`;
  }

  let waiting;
  form.addEventListener("input", (event) => {
    clearTimeout(waiting);
    waiting = setTimeout(filter, event.target === form.q ? 120 : 0);
  });
  form.addEventListener("change", (event) => {
    if (event.target === form.sort) sortAsChosen();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => {
    // The fields are emptied after this event.
    setTimeout(() => {
      sort();
      filter();
      form.q.focus();
    });
  });

  const given = [...new URLSearchParams(location.hash.slice(1))].filter(([name]) => form.elements[name]);
  for (const [name, value] of given) form.elements[name].value = value;
  if (given.length > 0) {
    if (form.sort?.value) sortAsChosen();
    filter();
  }

  // On phones the rows are stacked, and browsers no longer take them for those of a table. A few at a time, so that
  // the page answers.
  if (matchMedia("(max-width: 51.99em)").matches) {
    const roles = { TABLE: "table", THEAD: "rowgroup", TBODY: "rowgroup", TR: "row", TD: "cell" };
    const left = [table, ...table.querySelectorAll("thead, tbody, tr, th, td")];
    const giveRoles = () => {
      for (const element of left.splice(0, 300)) {
        element.role = roles[element.tagName] ?? (element.scope === "col" ? "columnheader" : "rowheader");
      }
      if (left.length > 0) setTimeout(giveRoles, 40);
    };
    setTimeout(giveRoles, 300);
  }
}
