(() => {
  "use strict";
  const one = (query) => document.querySelector(query);
  const all = (query) => [...document.querySelectorAll(query)];
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  all(".script").forEach((element) => { element.hidden = false; });

  // The switch: show one control set's sentence, river and totals, and let the river move from the old shape.
  const visible = (set) => all(".view .river").filter(
    (river) => river.closest(".view").dataset.set === set && river.getBoundingClientRect().width > 0);
  const shapes = (river) => [...river.querySelectorAll(".band path, .node, text")].flatMap((shape) =>
    ["d", "y", "height"].filter((name) => shape.hasAttribute(name)).map((name) => [shape, name]));
  const read = (river) => shapes(river).map(([shape, name]) => shape.getAttribute(name));
  // What each drawing is at rest, so that a switch in mid-movement cannot leave it bent.
  const rest = new Map(all(".view .river").map((river) => [river, read(river)]));
  const number = /-?\d+(?:\.\d+)?/g;
  let turn = 0;
  function move(before, river) {
    const [target, marks, mine] = [rest.get(river), shapes(river), turn];
    const put = (texts) => marks.forEach(([shape, name], i) => shape.setAttribute(name, texts[i]));
    if (still.matches || before.length !== target.length) { put(target); return; }
    const from = before.map((text) => (text.match(number) || []).map(Number));
    const to = target.map((text) => (text.match(number) || []).map(Number));
    const start = performance.now();
    let done = false;
    const end = () => { done = true; put(target); };
    const between = (part) => target.map((text, i) => {
      if (from[i].length !== to[i].length) return text;
      let at = -1;
      return text.replace(number, () => {
        at += 1;
        return (from[i][at] + (to[i][at] - from[i][at]) * part).toFixed(1);
      });
    });
    const step = (now) => {
      const part = Math.min((now - start) / 600, 1);
      if (done) return;
      if (mine !== turn || part === 1) { end(); return; }
      put(between(1 - (1 - Math.max(part, 0)) ** 3));
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
    // Frames stop in a hidden tab; a timer does not.
    setTimeout(end, 700);
  }
  let shown = (one(".view.default") || { dataset: { set: "" } }).dataset.set;
  function choose(set) {
    const before = visible(shown).map(read);
    turn += 1;
    all(".view").forEach((view) => { view.hidden = view.dataset.set !== set; });
    all("[data-line]").forEach((line) => line.classList.toggle("on", line.dataset.line === set));
    visible(set).forEach((river, i) => { if (before[i]) move(before[i], river); });
    shown = set;
  }
  all(".switch input").forEach((input) => {
    input.addEventListener("change", () => choose(input.value));
  });
  // A browser that goes back to the page restores the switch: show what it says.
  addEventListener("pageshow", () => {
    const checked = one(".switch :checked");
    if (checked && checked.value !== shown) choose(checked.value);
  });

  // The table: rows are made from the data below the page, with text nodes only.
  const table = one("#ranked");
  if (!table) return;
  const { head, rows } = JSON.parse(one("#rows").textContent);
  const FIRST = 200;
  const [RANK, VIA, PRODUCT, CODES, EVIDENCE, ALERT, OBSERVED, EXPECTED, EXCESS, LOW, HIGH, LEAST, MOST, LOST, COVERED, COVERED_MOST, , Q, ORIGINS, NOTES, ANCHOR] = Array(21).keys();
  const minus = (text) => text.replace("-", "\u2212");
  function money(value) {
    if (value === null) return "unknown";
    const size = Math.abs(value);
    const [unit, letter] = [[1e9, "\u00a0bn"], [1e6, "\u00a0m"], [1e3, "\u00a0k"]].find(([least]) => size >= least) || [1, ""];
    const amount = size / unit;
    return (value < 0 ? "\u2212" : "") + amount.toFixed(amount >= 100 || size === 0 ? 0 : amount >= 10 ? 1 : 2) + letter;
  }
  function share(value) {
    if (value === null) return "unknown";
    const percent = value * 100;
    return minus(percent.toFixed(Math.abs(percent) >= 10 || percent === 0 ? 0 : 1)) + "\u00a0%";
  }
  function shares(low, high) {
    const [first, last] = [share(low), share(high)];
    if (first === last) return first;
    return (last === "unknown" ? first : first.replace(/\u00a0%$/, "")) + " to " + last;
  }
  const chance = (value) => value === null ? "unknown" : value < 0.001 ? "< 0.001" : value.toFixed(3);
  const range = (low, high) => low === null || high === null ? "unknown"
    : low === high ? money(low) : money(low) + " to " + money(high);
  const root = (value) => Math.sign(value) * Math.sqrt(Math.abs(value));
  const [left, right] = head.bounds.map(root);
  const at = (value) => 100 * (Math.min(Math.max(root(value), left), right) - left) / (right - left);
  function make(name, text, parent, type) {
    const element = document.createElement(name);
    if (text) element.textContent = text;
    if (type) element.className = type;
    parent.append(element);
    return element;
  }
  function codes(text) {
    const parts = text.split(/;\s*/).filter(Boolean);
    return parts.length ? "codes " + parts.slice(0, 4).join(", ") + (parts.length > 4 ? " \u2026" : "") : "";
  }
  function drawn(row) {
    const line = document.createElement("tr");
    if (row[ALERT]) line.className = "alert";
    const rank = make("td", String(row[RANK]), line, "n");
    if (row[ALERT]) make("em", "alert", rank);
    make("td", head.vias[row[VIA]][1], line);
    const [product, name] = head.products[row[PRODUCT]];
    const what = make("td", "", line);
    const code = make(row[ANCHOR] ? "a" : "b", product, what);
    if (row[ANCHOR]) code.href = "#" + row[ANCHOR];
    what.append(" ");
    make("span", name, what);
    const notes = [codes(row[CODES]), row[ORIGINS].replaceAll(",", ", ").replace(/ ?%/g, "\u00a0%"), head.evidence[row[EVIDENCE]] || "", ...row[NOTES].map((i) => head.notes[i])];
    make("small", [...new Set(notes.filter(Boolean))].join(" \u00b7 "), what);
    [OBSERVED, EXPECTED].forEach((column) => make("td", money(row[column]), line, "n"));
    const draw = make("td", "", line, "n");
    make("strong", money(row[EXCESS]), draw);
    if (right > left && row[LOW] !== null && row[HIGH] !== null) {
      const bar = make("i", "", draw, "bar");
      bar.setAttribute("aria-hidden", "true");
      const box = make("b", "", bar);
      box.style.left = at(row[LOW]).toFixed(1) + "%";
      box.style.width = Math.max(at(row[HIGH]) - at(row[LOW]), 0.5).toFixed(1) + "%";
      make("u", "", bar).style.left = at(row[EXCESS]).toFixed(1) + "%";
    }
    make("span", range(row[LOW], row[HIGH]), draw);
    [range(row[LEAST], row[MOST]), share(row[LOST]), shares(row[COVERED], row[COVERED_MOST]), chance(row[Q])]
      .forEach((text) => make("td", text, line, "n"));
    return line;
  }

  const body = table.tBodies[0], status = one("#status"), more = one("#all");
  const via = one("#via"), words = one("#product"), alerts = one("#alerts"), sorter = one("#sort");
  let key = RANK, falling = false, limit = FIRST;
  const value = (row) => key === VIA ? head.vias[row[VIA]][1] : key === PRODUCT ? head.products[row[PRODUCT]][0] : row[key];
  function order(a, b) {
    const [x, y] = [value(a), value(b)];
    if (x === null || y === null) return (x === null) - (y === null) || a[RANK] - b[RANK];
    const side = typeof x === "string" ? x.localeCompare(y, "en") : x - y;
    return (falling ? -side : side) || a[RANK] - b[RANK];
  }
  function show() {
    const wanted = words.value.trim().toLowerCase();
    const kept = rows.filter((row) =>
      (!via.value || head.vias[row[VIA]][0] === via.value) &&
      (!alerts.checked || row[ALERT]) &&
      (!wanted || (head.products[row[PRODUCT]].join(" ") + " " + row[CODES]).toLowerCase().includes(wanted)));
    kept.sort(order);
    const part = kept.slice(0, limit);
    body.replaceChildren(...part.map(drawn));
    const name = headings.find((cell) => Number(cell.dataset.key) === key).dataset.name;
    status.textContent = kept.length
      ? `Showing ${part.length.toLocaleString("en")} of ${kept.length.toLocaleString("en")} ` +
        (kept.length < rows.length ? `matching routes, ${rows.length.toLocaleString("en")} in all` : "routes") +
        `, sorted by ${name.toLowerCase()}, ${falling ? "falling" : "rising"}.`
      : "No route matches. Clear a filter to see more.";
    more.hidden = part.length === kept.length;
    more.textContent = `Show all ${kept.length.toLocaleString("en")}`;
    headings.forEach((cell) => {
      if (Number(cell.dataset.key) === key) cell.setAttribute("aria-sort", falling ? "descending" : "ascending");
      else cell.removeAttribute("aria-sort");
    });
    sorter.value = String(key);
  }
  const rising = new Set([RANK, VIA, PRODUCT, Q]);
  function sort(next, turned) {
    falling = turned && next === key ? !falling : !rising.has(next);
    key = next;
    show();
  }
  const headings = all("#ranked thead th");
  headings.forEach((cell) => {
    cell.dataset.name = cell.textContent;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = cell.textContent;
    button.addEventListener("click", () => sort(Number(cell.dataset.key), true));
    cell.replaceChildren(button);
    make("option", cell.dataset.name, sorter).value = cell.dataset.key;
  });
  const restart = () => { limit = FIRST; show(); };
  [via, alerts].forEach((control) => control.addEventListener("change", restart));
  words.addEventListener("input", restart);
  sorter.addEventListener("change", () => sort(Number(sorter.value), false));
  more.addEventListener("click", () => {
    limit = Infinity;
    show();
    const next = body.rows[FIRST];
    if (next) { next.tabIndex = -1; next.focus(); }
  });
  show();
})();
