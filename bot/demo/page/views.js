// On a small screen one thing is shown at a time; on a wide one the phone is brought into sight.

export function showView(name) {
  document.body.dataset.showing = name;
  for (const one of document.querySelectorAll("[data-show]")) one.setAttribute("aria-pressed", String(one.dataset.show === String(name)));
  document.querySelector(`[data-phone="${name}"]`)?.scrollIntoView({ block: "nearest", inline: "nearest" });
}
