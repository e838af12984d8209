/* Every page works without this. */
(() => {
const D = document, $ = (s, r = D) => r.querySelector(s), $$ = (s, r = D) => [...r.querySelectorAll(s)];
const fill = (t, v) => t.replace(/\{(\w+)\}/g, (m, k) => v[k]);
/* The form of a word for a number, by the rules of the language. */
const lang = D.documentElement.lang, rules = new Intl.PluralRules(lang), form = (e, name, n) => e.getAttribute(name + rules.select(n)) ?? e.getAttribute(name + 'other');

/* A notice that was open when the page was made, in Beijing time. */
const P = $('[data-period]');
if (P) {
const d = P.dataset, now = new Date(), day = new Date(+now + 288e5).toISOString().slice(0, 10), over = now > new Date(d.end);
const L = $$('.days li', P), on = (l, n) => $$('time', l).at(n).dateTime, left = L.filter(l => !l.matches('.off') && on(l, 0) >= day).length;
const [tag, big] = $('.state', P).children;
for (const l of L) {
if (over || on(l, -1) < day) l.classList.add('past');
else if (on(l, 0) <= day) { l.classList.add('now'); l.ariaCurrent = 'date' }
}
if (over) {
tag.className = 'tag closed';
tag.textContent = d.closed;
if (big) big.textContent = d.closedText;
for (const e of $$('[data-while]')) e.hidden = e.dataset.while != 'closed';
} else if (big && L.length) big.textContent = day == on(L.at(-1), -1) ? d.last : fill(form(P, 'data-left-', left), { n: left });
}

/* Lists: what CSS alone cannot do. */
const T = $('table[data-list]'), F = $('#f');
if (T) {
const out = $('output', F), none = $('.none'), B = $$('tbody', T), rows = b => $$('tr:not(.grp)', b), R = B.flatMap(rows), all = out.textContent;
const norm = s => s.normalize('NFKD').replace(/\p{M}/gu,'').toLowerCase();
const coll = new Intl.Collator(lang, { numeric: true }), N = n => n.toLocaleString(lang + '-u-nu-latn');
R.forEach((r, i) => r.i = i);
const run = () => {
const v = [...new FormData(F)].filter(([, x]) => x), w = norm(F.q.value).split(' ');
for (const b of [T, ...B]) b.hidden = false;
for (const r of R) r.hidden = !w.every(k => !k || (r.t ??= norm(r.textContent)).includes(k));
/* Styles hide what a filter leaves out. */
let n = 0;
B.map(b => [b, rows(b).filter(r => r.getClientRects()[0]).length]).forEach(([b, m]) => { b.hidden = !m; n += m });
out.textContent = n == R.length ? all : fill(form(out, 'data-', n), { n: N(n), total: N(R.length) });
none.hidden = n;
T.hidden = !n;
history.replaceState(0, '', v.length ? '#' + new URLSearchParams(v) : location.href.split('#')[0]);
};
const sort = (c, dir) => {
for (const b of B) b.append(...rows(b).sort((x, y) => c < 0 ? x.i - y.i : dir * coll.compare(x.cells[c].textContent, y.cells[c].textContent) || x.i - y.i));
$$('thead th', T).forEach((h, i) => h.ariaSort = i == c ? dir > 0 ? 'ascending' : 'descending' : null);
};
for (const h of $$('[data-k]', T)) {
const t = h.innerHTML.trim();
h.innerHTML = '<span class=po>' + t + '</span><button type=button>' + t + '</button>';
h.lastChild.onclick = () => sort(h.cellIndex, h.ariaSort == 'ascending' ? -1 : 1);
}
let wait;
F.oninput = e => { clearTimeout(wait); wait = setTimeout(run, e.target == F.q ? 120 : 0) };
F.onchange = e => e.target == F.sort && sort(F.sort.value - 1, 1);
F.onsubmit = e => e.preventDefault();
F.onreset = () => setTimeout(() => { sort(-1, 1); run(); F.q.focus() });
const h = new URLSearchParams(location.hash.slice(1));
h.forEach((v, n) => { if (F[n]) F[n].value = v });
if (h.size) { if (h.get('sort')) sort(h.get('sort') - 1, 1); run() }
for (const o of $$('[data-n] option+option', F)) o.label += ' (' + $$('.' + o.value, T).length + ')';
/* Roles that stacked rows lose. */
if (matchMedia('(max-width:51.99em)').matches) {
const role = { TABLE: 'table', THEAD: 'rowgroup', TBODY: 'rowgroup', TR: 'row', TD: 'cell' }, E = [T, ...$$('thead,tbody,tr,th,td', T)];
const go = () => { for (const e of E.splice(0, 300)) e.role = role[e.tagName] || (e.scope == 'col' ? 'column' : 'row') + 'header'; E[0] && setTimeout(go, 40) };
setTimeout(go, 300);
}
}
for (const b of $$('[data-print]')) b.onclick = () => print();
})();
