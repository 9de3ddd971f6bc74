// Comfort only: every page reads and works without this file.
(() => {
  "use strict";
  const place = "entrepot-place";
  // A filter takes effect when it is chosen.
  document.querySelectorAll("form[role=search] select:not([data-slider]), form[role=search] input[type=checkbox]").forEach((control) => {
    control.addEventListener("change", () => { if (control.form.reportValidity()) control.form.requestSubmit(); });
  });
  // Keys: / goes to the search, alt and a digit to a page.
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName);
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const search = document.querySelector("main input[type=search]");
      if (search) { event.preventDefault(); search.focus(); search.select(); }
    }
    if (event.altKey && /^[1-9]$/.test(event.key)) {
      const link = document.querySelector(`nav a[data-key="${event.key}"]`);
      if (link) { event.preventDefault(); link.click(); }
    }
  });
  // A choice of months becomes a slider; what it shows is asked for when it is let go.
  document.querySelectorAll("select[data-slider]").forEach((select) => {
    const slider = document.createElement("input"), shown = document.createElement("output");
    Object.assign(slider, { type: "range", min: 0, max: select.length - 1, value: select.selectedIndex });
    const tell = () => {
      select.selectedIndex = slider.value;
      shown.textContent = select.value;
      slider.setAttribute("aria-valuetext", select.value);
    };
    slider.addEventListener("input", tell);
    slider.addEventListener("change", () => { sessionStorage.setItem(place, String(scrollY)); select.form.requestSubmit(); });
    select.hidden = true;
    select.after(slider, shown);
    tell();
  });
  // In a list of work the arrow keys go from one row's link to the next.
  document.querySelectorAll("[data-rows]").forEach((table) => {
    const links = [...table.querySelectorAll("th a")];
    table.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const next = step && links[links.indexOf(document.activeElement) + step];
      if (next) { event.preventDefault(); next.focus(); }
    });
  });
  // The switch of control sets keeps the reader's place.
  document.querySelectorAll("a[data-swap]").forEach((link) => {
    link.addEventListener("click", () => sessionStorage.setItem(place, String(scrollY)));
  });
  const kept = sessionStorage.getItem(place);
  if (kept !== null) { sessionStorage.removeItem(place); scrollTo(0, Number(kept)); }
})();
