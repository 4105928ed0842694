// One message: drawn once, then changed in place, so that focus and scrolling stay where they are.

import { richText } from "./richtext.js";

const template = document.getElementById("message-template");
const MEDIA_WORDS = { voice: "🎤 Voice message", location: "📍 Location", contact: "👤 Contact", users_shared: "👥 Person picked" };

export class Message {
  constructor(chat) {
    this.chat = chat;
    this.element = template.content.firstElementChild.cloneNode(true);
    this.parts = Object.fromEntries(
      ["quote", "media", "text", "meta", "reaction", "edited", "rows", "actions"].map((name) => [name, this.element.querySelector(`.${name}`)]),
    );
    this.drawn = {};
  }

  show(message) {
    const hadFocus = this.element.contains(document.activeElement);
    this.message = message;
    this.element.classList.toggle("mine", message.mine);
    this.element.dataset.id = message.id;
    this.when("quote", message.reply, () => this.showQuote(message.reply));
    this.when("media", [message.photo, message.document, message.media, message.spoiler], () => this.showMedia(message));
    this.when("text", [message.text, message.entities], () => {
      this.parts.text.hidden = !message.text;
      this.parts.text.replaceChildren(richText(message.text, message.entities, this.chat));
    });
    this.parts.edited.hidden = !message.edited;
    this.parts.reaction.textContent = (message.pinned ? "📌 " : "") + (message.reaction ?? "");
    this.showTime();
    this.when("rows", message.rows, () => this.showRows(message));
    this.when("actions", [message.mine, !message.media?.sticker && message.text, Boolean(message.document)], () => this.showActions(message));
    if (hadFocus && !this.element.contains(document.activeElement)) this.takeFocus();
  }

  when(name, value, draw) {
    const key = JSON.stringify(value);
    if (this.drawn[name] === key) return;
    this.drawn[name] = key;
    draw();
  }

  takeFocus() {
    (this.parts.rows.querySelector("button, a") ?? this.element).focus({ preventScroll: true });
  }

  showTime() {
    const text = this.chat.timeText(this.message.date);
    const time = this.parts.meta.querySelector("time");
    time.dateTime = this.message.date;
    time.textContent = text;
    this.element.setAttribute("aria-label", `${this.message.mine ? this.chat.name : this.chat.botName}, ${text}`);
  }

  showQuote(reply) {
    this.parts.quote.hidden = !reply;
    if (!reply) return;
    this.parts.quote.querySelector("strong").textContent = reply.mine ? this.chat.name : this.chat.botName;
    this.parts.quote.querySelector("span").textContent = reply.text;
  }

  showMedia(message) {
    const nodes = [];
    if (message.photo) nodes.push(this.photo(message));
    if (message.document) nodes.push(file(message.document));
    for (const [kind, value] of Object.entries(message.media)) nodes.push(other(kind, value));
    this.element.classList.toggle("with-photo", Boolean(message.photo));
    this.element.classList.toggle("with-sticker", Boolean(message.media.sticker));
    this.parts.media.replaceChildren(...nodes);
  }

  photo(message) {
    const frame = document.createElement("button");
    frame.type = "button";
    frame.className = "photo";
    const image = document.createElement("img");
    image.src = `/demo/photo/${message.photo.id}`;
    image.width = message.photo.width;
    image.height = message.photo.height;
    image.alt = message.text ? `Photo: ${message.text}` : "Photo";
    frame.setAttribute("aria-label", "Enlarge photo");
    frame.classList.toggle("hidden-photo", message.spoiler);
    frame.append(image);
    frame.addEventListener("click", () => {
      if (frame.classList.contains("hidden-photo")) frame.classList.remove("hidden-photo");
      else this.chat.page.enlarge(image);
    });
    return frame;
  }

  showRows(message) {
    const old = [...this.parts.rows.querySelectorAll(".key")];
    const place = old.indexOf(document.activeElement);
    const label = document.activeElement?.textContent;
    this.parts.rows.replaceChildren(...message.rows.map((row) => this.row(row, message)));
    const keys = [...this.parts.rows.querySelectorAll(".key")];
    // The same button keeps the focus; after a new question it goes to the first answer, so that a second Enter cannot answer by accident.
    if (place >= 0 && keys[place]?.textContent === label) keys[place].focus({ preventScroll: true });
    this.element.classList.toggle("with-keys", keys.length > 0);
  }

  row(row, message) {
    const line = document.createElement("div");
    line.className = "row";
    for (const button of row) line.append(this.key(button, message));
    return line;
  }

  key(button, message) {
    const key = document.createElement(button.url && !this.chat.isOwnLink(button.url) ? "a" : "button");
    key.className = "key";
    if (button.style) key.dataset.style = button.style;
    key.textContent = button.text;
    if (button.copy) key.classList.add("copies");
    if (key.tagName === "A") {
      Object.assign(key, { href: button.url, target: "_blank", rel: "noopener noreferrer" });
    } else {
      key.type = "button";
      key.addEventListener("click", () => this.chat.taps(button, message, key));
    }
    return key;
  }

  showActions(message) {
    const actions = [];
    if (message.text || message.document) actions.push(action("Reply", () => this.chat.dock.replyTo(this.message)));
    if (message.mine && message.text && !message.photo && !message.document) actions.push(action("Edit", () => this.chat.dock.edit(this.message)));
    if (message.mine) actions.push(action("Delete", () => this.chat.remove(this.message)));
    this.parts.actions.replaceChildren(...actions);
  }

  endWaiting() {
    for (const key of this.parts.rows.querySelectorAll("[aria-busy]")) key.removeAttribute("aria-busy");
  }
}

function action(label, onclick) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = label;
  button.addEventListener("click", onclick);
  return button;
}

function file(document_) {
  const link = document.createElement("a");
  link.className = "file";
  link.href = `/demo/photo/${document_.id}`;
  link.download = document_.name;
  for (const [tag, text] of [["strong", document_.name], ["span", `${Math.max(1, Math.round(document_.size / 1024))} kB`]]) {
    const part = document.createElement(tag);
    part.textContent = text;
    link.append(part);
  }
  return link;
}

function other(kind, value) {
  const node = document.createElement("p");
  node.className = kind;
  if (kind === "sticker") node.textContent = value.emoji;
  else if (kind === "location") node.textContent = `${MEDIA_WORDS.location} ${value.latitude.toFixed(2)}, ${value.longitude.toFixed(2)}`;
  else node.textContent = MEDIA_WORDS[kind] ?? kind;
  return node;
}
