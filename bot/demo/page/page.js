// Puts the page together.

import { Course } from "./course.js";
import { Desk } from "./desk.js";
import { Phone } from "./phone.js";
import { follow } from "./talk.js";
import { showView } from "./views.js";

const phones = new Map();
const viewer = document.getElementById("viewer");
const alertBox = document.getElementById("alert");
const words = ["patient-words", "supporter-words", "course-words"].map((id) => document.getElementById(id).content);

const page = {
  enlarge(image) {
    const large = viewer.querySelector("img");
    large.src = image.src;
    large.alt = image.alt;
    viewer.showModal();
  },
  phones: () => [...phones.values()],
  alert(text) {
    alertBox.querySelector("p").textContent = text;
    alertBox.showModal();
  },
};

const desk = new Desk(phones);
const course = new Course(phones);

function show(state) {
  for (const raw of state.phones) {
    if (!phones.has(raw.id)) {
      const phone = new Phone(raw, words[Math.min(phones.size, words.length - 1)], page);
      phones.set(raw.id, phone);
      document.getElementById("phones").append(phone.element);
      document.getElementById("main").dataset.phones = phones.size;
    }
    phones.get(raw.id).show(raw, state.bot);
  }
  desk.show(state);
  course.show(state.course, state.movable);
  document.title = `${state.bot.name}: demo`;
}

function lost(isLost) {
  document.getElementById("lost").hidden = !isLost;
}

for (const button of document.querySelectorAll("[data-show]")) button.addEventListener("click", () => showView(button.dataset.show));

viewer.addEventListener("click", (event) => {
  if (event.target === viewer) viewer.close();
});

follow(show, lost);
