/* Every page works without this. */
(() => {
const D = document, $ = (s, r = D) => r.querySelector(s), $$ = (s, r = D) => [...r.querySelectorAll(s)];
const fill = (t, v) => t.replace(/\{(\w+)\}/g, (m, k) => v[k]);
/* The form of a word for a number, by the rules of the language. */
const lang = D.documentElement.lang, rules = new Intl.PluralRules(lang), form = (e, name, n) => e.getAttribute(name + rules.select(n)) ?? e.getAttribute(name + 'other');

/* The notice, in Beijing time. */
const P = $('[data-period]');
if (P) {
const d = P.dataset, now = new Date(), day = new Date(+now + 288e5).toISOString().slice(0, 10), over = now > new Date(d.end);
const L = $$('.days li', P), on = (l, n) => $$('time', l).at(n).dateTime, left = L.filter(l => !l.matches('.off') && on(l, 0) >= day).length;
const k = day < d.from ? 'upcoming' : d.done <= day ? 'final' : over ? 'closed' : 'open', S = $('.state', P);
for (const l of L) {
if (over || on(l, -1) < day) l.classList.add('past');
else if (on(l, 0) <= day) { l.classList.add('now'); l.setAttribute('aria-current', 'date') }
}
const text = k != 'open' || !L.length ? d[k + 'Text'] : day == on(L.at(-1), -1) ? d.last : fill(form(P, 'data-left-', left), { n: left });
S.replaceChildren(...[['tag ' + k, d[k]], ['big serif', text]].map(([c, t]) => { const e = D.createElement('span'); e.className = c; e.textContent = t; return e }));
}

/* Lists: what CSS alone cannot do. */
const T = $('table[data-list]'), F = $('#f');
if (T) {
const out = $('output', F), none = $('.none'), B = $$('tbody', T), rows = b => $$('tr:not(.grp)', b), R = B.flatMap(rows), all = out.textContent;
const norm = s => s.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase(), coll = new Intl.Collator(lang, { numeric: true }), N = n => n.toLocaleString(lang + '-u-nu-latn');
R.forEach((r, i) => r.i = i);
const run = () => {
const v = [...new FormData(F)].filter(([, x]) => x), w = norm(F.q.value).split(/\s+/).filter(Boolean), c = v.filter(([n]) => n != 'q' && n != 'sort');
let n = 0;
for (const b of B) {
let m = 0;
for (const r of rows(b)) {
r.hidden = !w.every(k => (r.t ??= norm(r.textContent)).includes(k));
if (!r.hidden && c.every(([, k]) => r.matches('.' + k) || b.matches('.' + k) || $('.' + k, r))) m++;
}
b.hidden = !m;
n += m;
}
out.textContent = n == R.length ? all : fill(form(out, 'data-', n), { n: N(n), total: N(R.length) });
none.hidden = n;
T.hidden = !n;
const p = '' + new URLSearchParams(v);
history.replaceState(null, '', location.pathname + location.search + (p && '#' + p));
};
const sort = (c, dir) => {
for (const b of B) b.append(...rows(b).sort((x, y) => c < 0 ? x.i - y.i : dir * coll.compare(x.cells[c].textContent, y.cells[c].textContent) || x.i - y.i));
$$('thead th', T).forEach((h, i) => i == c ? h.ariaSort = dir > 0 ? 'ascending' : 'descending' : h.removeAttribute('aria-sort'));
};
for (const h of $$('[data-k]', T)) {
const b = D.createElement('button'), s = D.createElement('span');
b.type = 'button';
b.textContent = s.textContent = h.textContent.trim();
s.className = 'po';
h.replaceChildren(s, b);
b.onclick = () => sort(h.cellIndex, h.ariaSort == 'ascending' ? -1 : 1);
}
let wait;
F.oninput = e => { clearTimeout(wait); wait = setTimeout(run, e.target == F.q ? 120 : 0) };
F.onchange = e => e.target == F.sort && sort(F.sort.value - 1, 1);
F.onsubmit = e => e.preventDefault();
F.onreset = () => setTimeout(() => { sort(-1, 1); run(); F.q.focus() });
const h = new URLSearchParams(location.hash.slice(1));
h.forEach((v, n) => { if (F[n]) F[n].value = v });
if (h.size) { if (h.get('sort')) sort(h.get('sort') - 1, 1); run() }
/* Roles that stacked rows lose. */
if (matchMedia('(max-width:51.99em)').matches) {
const role = { TABLE: 'table', THEAD: 'rowgroup', TBODY: 'rowgroup', TR: 'row', TD: 'cell' }, E = [T, ...$$('thead,tbody,tr,th,td', T)];
const go = n => { E.slice(n, n + 300).forEach(e => e.setAttribute('role', role[e.tagName] || (e.scope == 'col' ? 'columnheader' : 'rowheader'))); if (n < E.length) setTimeout(go, 40, n + 300) };
setTimeout(go, 300, 0);
}
}
for (const b of $$('[data-print]')) b.onclick = () => print();
})();
