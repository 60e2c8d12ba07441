// What scripts add to pages that read well without them: n and p walk through the changes, buttons copy.
"use strict";

(() => {
  const changes = [...document.querySelectorAll(".change[id]")];

  function here() {
    const edge = 80; // below the sticky heading of a section
    const passed = changes.filter((change) => change.getBoundingClientRect().top <= edge);
    return passed.length - 1;
  }

  function go(step) {
    const target = changes[Math.min(changes.length - 1, Math.max(0, here() + step))];
    if (!target) return;
    location.hash = target.id;
    target.querySelector(".anchor").focus({ preventScroll: true });
  }

  // Single letters as shortcuts can be switched off, for those who dictate; the choice is remembered.
  let keys = true;
  try { keys = localStorage.getItem("policy-keys") !== "off"; } catch { /* storage may be forbidden */ }

  document.addEventListener("keydown", (event) => {
    if (!keys || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, select, textarea, [contenteditable]")) return;
    if (event.key === "n") go(1);
    if (event.key === "p") go(-1);
  });
  for (const hint of document.querySelectorAll("[data-keys]")) hint.hidden = changes.length < 2;
  for (const button of document.querySelectorAll("[data-keys-switch]")) {
    const show = () => button.setAttribute("aria-pressed", String(keys));
    show();
    button.addEventListener("click", () => {
      keys = !keys;
      try { localStorage.setItem("policy-keys", keys ? "on" : "off"); } catch { /* for this page alone then */ }
      show();
    });
  }

  // Datasette's menu closes every open <details> a click is outside of (0.65, on all pages). What somebody unfolded in
  // ours is text to be read: what was open before a click is open after it, in the same instant, unless clicked itself.
  let unfolded = [];
  document.addEventListener("click", () => { unfolded = [...document.querySelectorAll("main details[open]")]; }, true);
  document.addEventListener("click", () => { for (const each of unfolded) each.open = true; });

  async function redline() {
    const answer = await fetch(document.querySelector("[data-markdown]").href);
    return answer.text();
  }

  const said = (id) => () => document.getElementById(id).textContent;
  const copied = { redline, citation: said("citation"), "citation-markdown": said("citation-markdown") };
  // The older way, for pages that are served over plain http and for those who forbid the clipboard.
  function copyBySelection(text) {
    const field = document.createElement("textarea");
    field.value = text;
    field.readOnly = true;
    field.className = "vh";
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }

  async function copy(text) {
    try { await navigator.clipboard.writeText(text); return true; } catch { return copyBySelection(text); }
  }

  for (const button of document.querySelectorAll("[data-copy]")) {
    const label = button.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      let done = false;
      try { done = await copy(await copied[button.dataset.copy]()); } catch { /* the server is gone */ }
      button.focus();
      button.textContent = done ? "Copied" : "Could not copy";
      document.getElementById("said").textContent = button.textContent; // for those who hear the page
      setTimeout(() => { button.textContent = label; }, 1500);
    });
  }
})();
