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

  async function redline() {
    const answer = await fetch(document.querySelector("[data-markdown]").href);
    return answer.text();
  }

  const said = (id) => () => document.getElementById(id).textContent;
  const copied = { redline, citation: said("citation"), "citation-markdown": said("citation-markdown") };
  for (const button of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) continue; // only served over https or from this machine
    button.hidden = false;
    button.addEventListener("click", async () => {
      const label = button.textContent;
      await navigator.clipboard.writeText(await copied[button.dataset.copy]());
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = label; }, 1500);
    });
  }
})();
