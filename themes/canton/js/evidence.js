/*! Computes the awards again from the table of points or counts and the rules, here in your browser.
   Nothing is sent anywhere: both files come from the site that you are reading.
   Every number is exact: a fraction of two whole numbers, never a decimal of the machine. */
"use strict";

// ---- exact numbers: {n, d} stands for n / d, d > 0 ----------------------------------------------------------
const ratio = (n, d = 1n) => (d < 0n ? { n: -n, d: -d } : { n, d });
const plus = (a, b) => ratio(a.n * b.d + b.n * a.d, a.d * b.d);
const times = (a, b) => ratio(a.n * b.n, a.d * b.d);
const compare = (a, b) => (a.n * b.d < b.n * a.d ? -1 : a.n * b.d > b.n * a.d ? 1 : 0);
const zero = ratio(0n);

// "12.5" is 125 / 10.
function exact(text) {
  if (!/^-?\d+(\.\d+)?$/.test(text)) throw new Error(`"${text}" is no number`);
  const [whole, part = ""] = text.split(".");
  return ratio(BigInt(whole + part), 10n ** BigInt(part.length));
}

// ---- the rules ----------------------------------------------------------------------------------------------

// The rank of every count: 1 for the largest. Equal counts share a rank as the policy `ties` says.
function ranks(counts, ties) {
  const sorted = [...counts].sort((a, b) => compare(b, a));
  const larger = new Map(), equal = new Map();
  const key = (count) => `${count.n}/${count.d}`;
  sorted.forEach((count, place) => {
    if (!larger.has(key(count))) larger.set(key(count), place);
    equal.set(key(count), (equal.get(key(count)) || 0) + 1);
  });
  return counts.map((count) => {
    const best = BigInt(larger.get(key(count)) + 1);
    const worst = BigInt(larger.get(key(count)) + equal.get(key(count)));
    if (ties === "competition") return ratio(best);
    if (ties === "max") return ratio(worst);
    return ratio(best + worst, 2n); // average
  });
}

// A percent made whole as the policy `rounding` says. Percents are never negative.
function rounded(percent, rounding) {
  if (rounding === "none") return percent;
  const doubled = 2n * percent.n, floor = percent.n / percent.d;
  const over = doubled - (2n * floor + 1n) * percent.d; // below, at or above the half
  if (over > 0n) return ratio(floor + 1n);
  if (over < 0n) return ratio(floor);
  return ratio(rounding === "half-up" || floor % 2n === 1n ? floor + 1n : floor);
}

// The points of a percent. A band reaches from above the end of the band before it to its own end.
function pointsOf(percent, bands, policies) {
  if (percent.n === 0n) {
    return policies["zero-percent"] === "no-band" ? zero : exact(bands[0].points);
  }
  for (const band of bands) {
    if (compare(percent, ratio(BigInt(band.until))) <= 0) return exact(band.points);
  }
  return zero;
}

// The score of every row: for each indicator the points of its rank, weighted. A table of points has them already.
function scores(rows, rules) {
  const total = rows.map(() => zero);
  for (const indicator of rules.indicators) {
    const weight = times(exact(indicator.weight), ratio(1n, 100n));
    if (rules.table === "points") {
      rows.forEach((row, place) => (total[place] = plus(total[place], times(exact(row[indicator.id]), weight))));
      continue;
    }
    const counts = rows.map((row) => exact(row[indicator.id]));
    const pool = BigInt(counts.length);
    ranks(counts, rules.policies.ties).forEach((rank, place) => {
      const percent = rounded(times(rank, ratio(100n, pool)), rules.policies.rounding);
      let points = pointsOf(percent, indicator.bands, rules.policies);
      if (counts[place].n === 0n && rules.policies["zero-count"] === "lowest-band") {
        points = exact(indicator.bands.at(-1).points);
      }
      total[place] = plus(total[place], times(points, weight));
    });
  }
  return total;
}

// The award that every row receives: by score, unless it is withheld or another one is kept after a ruling.
function awards(rows, rules) {
  return scores(rows, rules).map((score, place) => {
    const { withheld, kept } = rows[place];
    if (kept) return kept;
    if (withheld === "yes") return null;
    const earned = rules.awards.find((award) => compare(score, exact(award.at_least)) >= 0);
    return earned ? earned.id : null;
  });
}

// ---- reading and showing ------------------------------------------------------------------------------------

function read(text) {
  const lines = text.replace(/^\ufeff/, "").split(/\r?\n/).filter((line) => line !== "");
  const names = lines[0].split(",");
  return lines.slice(1).map((line) => {
    const cells = line.split(",");
    if (cells.length !== names.length) throw new Error(`"${line}" has not ${names.length} values`);
    return Object.fromEntries(names.map((name, place) => [name, cells[place]]));
  });
}

async function sha256(bytes) {
  if (!globalThis.crypto || !crypto.subtle) return null; // only on https and on this machine
  const hash = await crypto.subtle.digest("SHA-256", bytes);
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function check(place) {
  const load = async (url) => {
    const answer = await fetch(url, { cache: "no-store" });
    if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
    return answer.arrayBuffer();
  };
  const [table, rules] = await Promise.all([load(place.dataset.table), load(place.dataset.rules)]);
  const text = (bytes) => new TextDecoder().decode(bytes);
  const law = JSON.parse(text(rules));
  const rows = read(text(table));
  const received = awards(rows, law);
  const hash = await sha256(table);
  let agrees = hash === null || hash === place.dataset.sha256;
  for (const award of law.awards) {
    const count = received.filter((id) => id === award.id).length;
    const published = Number(place.querySelector(`[data-award="${award.id}"]`).dataset.published);
    const same = count === published;
    agrees = agrees && same;
    const cell = place.querySelector(`[data-award="${award.id}"] [data-computed]`);
    cell.textContent = `${count} ${same ? "✓" : "✗"}`;
  }
  const line = place.querySelector("[data-hash]");
  line.textContent = hash === null ? place.dataset.unhashed : `${hash} ${hash === place.dataset.sha256 ? "✓" : "✗"}`;
  return agrees;
}

for (const place of document.querySelectorAll("[data-evidence]")) {
  const verdict = place.querySelector("[data-verdict]");
  verdict.textContent = "…";
  check(place).then(
    (agrees) => {
      verdict.textContent = agrees ? place.dataset.agrees : place.dataset.differs;
      place.dataset.state = agrees ? "agrees" : "differs";
    },
    (error) => {
      verdict.textContent = `${place.dataset.failed} (${error.message})`;
      place.dataset.state = "failed";
    },
  );
}
