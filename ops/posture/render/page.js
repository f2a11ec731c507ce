"use strict";
(() => {
  const find = document.getElementById("find");
  const found = document.getElementById("found");
  const expand = document.getElementById("expand");
  const chips = [...document.querySelectorAll(".chip input")];
  const checks = [...document.querySelectorAll("#checks .check")];
  const groups = [...document.querySelectorAll("#checks .group")];
  const others = [...document.querySelectorAll("#accounts tbody tr, #alerts tbody tr, #coverage .account")];
  const texts = new Map();
  const text = (element) => {
    if (!texts.has(element)) texts.set(element, element.textContent.toLowerCase());
    return texts.get(element);
  };
  const filter = () => {
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    const states = new Set(chips.filter((chip) => chip.checked).map((chip) => chip.value));
    const matches = (element) => words.every((word) => text(element).includes(word));
    let count = 0;
    for (const check of checks) {
      check.hidden = !(states.has(check.dataset.state) && matches(check));
      count += check.hidden ? 0 : 1;
    }
    for (const group of groups) {
      const any = [...group.querySelectorAll(".check")].some((check) => !check.hidden);
      group.hidden = !any;
      if (words.length && any) group.open = true;
    }
    for (const other of others) other.hidden = !matches(other);
    const all = count === checks.length && !words.length;
    found.textContent = all ? "" : `${count} of ${checks.length} checks; accounts and alerts are searched as well`;
  };
  let waiting = 0;
  find.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(filter, 120);
  });
  for (const chip of chips) chip.addEventListener("change", filter);
  expand.addEventListener("click", () => {
    const open = expand.getAttribute("aria-pressed") !== "true";
    expand.setAttribute("aria-pressed", String(open));
    expand.textContent = open ? "Close all" : "Open all";
    for (const each of [...groups, ...checks]) each.open = open;
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target instanceof HTMLInputElement;
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      find.focus();
    }
  });
  const reveal = () => {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    for (let each = target; each; each = each.parentElement) {
      if (each instanceof HTMLDetailsElement) each.open = true;
    }
    if (target) target.scrollIntoView();
  };
  window.addEventListener("hashchange", reveal);
  reveal();
  let closed = [];
  window.addEventListener("beforeprint", () => {
    // Evidence is printed of the checks that are open: all of it after "Open all".
    closed = [...document.querySelectorAll(".group:not([open]), .line:not([open], [data-state=good])")];
    for (const each of closed) each.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const each of closed) each.open = false;
  });
})();
