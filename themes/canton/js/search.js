// Asks the index of the site: its table once, then the shards of the terms and the entries that are shown.
{
  const form = document.querySelector("form[data-index]");
  const { dataset: words } = form;
  const status = document.querySelector(".say");
  const list = document.querySelector(".hits");
  const results = list.parentNode;
  const more = results.querySelector("button");
  const page = document.documentElement;
  const isChinese = page.lang.startsWith("zh");
  const plurals = new Intl.PluralRules(page.lang);

  const PAGE = 10;
  // Terms of the index are cut at this length, and marked.
  const LONGEST_TERM = 6;
  const HAN = "\\u3005-\\u3007\\u3041-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\u{20000}-\\u{3ffff}";
  const LETTER = `(?![${HAN}])[\\p{L}\\p{N}]`;
  const RUN = new RegExp(`([${HAN}]+)|(?:${LETTER})+(?:[.\\-'&/](?:${LETTER})+)*`, "gu");
  // Letters that fold to others, such as ß to ss.
  const FOLDED = Object.fromEntries((words.fold || "").split(" ").map((pair) => pair.split("=")));

  const files = new Map();
  const load = async (name) => {
    const answer = await fetch(words.index + name);
    if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
    return name.endsWith("json") ? answer.json() : answer.text();
  };
  const get = (name) => {
    if (!files.has(name)) files.set(name, load(name));
    return files.get(name);
  };

  const fold = (text) =>
    text
      .normalize("NFKD")
      .replace(/\p{M}/gu, "")
      .toLowerCase()
      .replace(/\P{ASCII}/gu, (letter) => FOLDED[letter] ?? letter);

  // The terms of a query: pairs of Chinese characters as they are, words by their beginning.
  const termsOf = (query) => {
    const all = [];
    for (const [run, han] of fold(query).matchAll(RUN)) {
      const letters = [...run];
      if (!han || letters.length === 1) {
        all.push({ term: run, isBeginning: true });
      } else {
        for (let at = 1; at < letters.length; at++) {
          all.push({ term: letters[at - 1] + letters[at], isBeginning: false });
        }
      }
    }
    const long = all.filter(({ term }) => term.length > 1);
    return long.length > 0 ? long : all;
  };

  // The shard in which a term would stand: the last one that does not start behind it.
  const shardOf = (term, starts) => {
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (starts[middle] <= term) low = middle + 1;
      else high = middle;
    }
    return Math.max(low - 1, 0);
  };

  // The entries of a term with its weight there; `isOpen` if more have it than are listed.
  const lookUp = async ({ term, isBeginning }, { starts }) => {
    const first = shardOf(term, starts);
    const last = isBeginning ? Math.min(shardOf(`${term}\uffff`, starts), first + 3) : first;
    const shards = new Set();
    for (let shard = first; shard <= last; shard++) shards.add(shard);
    // Spelt beyond what a term holds: the cut terms that it begins with.
    const cut = new Set();
    if (isBeginning && /^[a-z]+$/.test(term)) {
      for (let length = LONGEST_TERM; length < term.length; length++) {
        const beginning = `${term.slice(0, length)}!`;
        cut.add(beginning);
        shards.add(shardOf(beginning, starts));
      }
    }
    const weights = new Map();
    let isOpen = false;
    for (const text of await Promise.all([...shards].map((shard) => get(`t${shard}.txt`)))) {
      for (const line of text.split("\n")) {
        const colon = line.indexOf(":");
        const key = line.slice(0, colon);
        const isWhole = key === term || !isBeginning;
        if (!(key === term || (isBeginning && key.startsWith(term)) || cut.has(key))) continue;
        // Titles stand before the semicolon, all else behind it; numbers of entries are differences.
        for (const [part, listed] of line
          .slice(colon + 1)
          .split(";")
          .entries()) {
          if (!listed) continue;
          if (listed.startsWith("*")) isOpen = true;
          let entry = 0;
          for (const step of listed.replace("*", "").split(",")) {
            entry += parseInt(step, 36);
            const weight = part > 0 ? 1 : isWhole ? 4 : 3;
            weights.set(entry, Math.max(weights.get(entry) ?? 0, weight));
          }
        }
      }
    }
    return { weights, isOpen };
  };

  const search = async (query) => {
    const terms = termsOf(query);
    if (terms.length === 0) return { found: [] };
    const table = await get("index.json");
    const looked = await Promise.all(terms.map((term) => lookUp(term, table)));
    // A term that is nearly everywhere does not narrow, unless there is no other.
    const narrow = looked.filter(({ isOpen }) => !isOpen);
    const needed = narrow.length > 0 ? narrow : looked;
    const rarest = needed.reduce((one, other) => (one.weights.size <= other.weights.size ? one : other));
    const found = [...rarest.weights.keys()]
      .filter((entry) => needed.every(({ weights }) => weights.has(entry)))
      .map((entry) => ({
        entry,
        weight: looked.reduce((sum, { weights }) => sum + (weights.get(entry) ?? 0), 0),
      }))
      .sort((one, other) => other.weight - one.weight || one.entry - other.entry)
      .map(({ entry }) => entry);
    return { table, isOpen: narrow.length === 0, found };
  };

  // What is found may be in another language, and run the other way, than the page.
  const langOf = (text) => {
    const hasChinese = /[\u4e00-\u9fff]/.test(text);
    if (hasChinese !== isChinese) return isChinese ? "en" : "zh-Hans";
    return page.dir === "rtl" && /^\w/.test(text) ? "en" : "";
  };
  const add = (parent, tag, text) => {
    const element = parent.appendChild(document.createElement(tag));
    const shown = element.appendChild(document.createElement("bdi"));
    shown.textContent = text;
    const lang = langOf(text);
    if (lang) shown.lang = lang;
    return element;
  };

  let turn = 0;
  const show = async (found, table, from, mine) => {
    const entryOf = async (entry) => (await get(`e${Math.floor(entry / table.each)}.json`))[entry % table.each];
    const entries = await Promise.all(found.slice(from, from + PAGE).map(entryOf));
    if (mine !== turn) return;
    for (const [path, title, otherTitle, note] of entries) {
      const item = list.appendChild(document.createElement("li"));
      add(item, "a", title).href = words.root + path;
      if (otherTitle) add(item, "p", otherTitle);
      if (note) item.appendChild(document.createElement("p")).append(isolated(note));
    }
    more.parentNode.hidden = from + PAGE >= found.length;
    more.onclick = async () => {
      const at = list.children.length;
      await show(found, table, at, turn);
      list.children[at]?.querySelector("a").focus();
    };
  };
  const isolated = (text) => {
    const shown = document.createElement("bdi");
    shown.textContent = text;
    return shown;
  };

  const countOf = (found, table, isOpen) => {
    if (found.length === 0) return words.none;
    const word = isOpen ? words.over : (words[plurals.select(found.length)] ?? words.other);
    const count = isOpen ? table.common : found.length;
    return word.replace("{n}", count.toLocaleString(`${page.lang}-u-nu-latn`));
  };

  const run = async () => {
    const query = form.q.value.trim();
    const mine = ++turn;
    history.replaceState(null, "", query ? `?q=${encodeURIComponent(query)}` : location.pathname);
    if (!query) {
      status.textContent = "";
      results.hidden = true;
      return;
    }
    try {
      const { found, table, isOpen } = await search(query);
      if (mine !== turn) return;
      list.replaceChildren();
      results.hidden = found.length === 0;
      if (found.length > 0) await show(found, table, 0, mine);
      if (mine === turn) status.textContent = countOf(found, table, isOpen);
    } catch {
      files.clear();
      if (mine !== turn) return;
      status.textContent = words.failed;
      results.hidden = true;
    }
  };

  let waiting;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    run();
  });
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(run, 150);
  });
  const given = new URLSearchParams(location.search).get("q");
  if (given) {
    form.q.value = given;
    run();
  }
}
