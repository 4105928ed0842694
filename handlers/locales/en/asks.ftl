## /ask: questions for the next visit.

ask-title = Your questions for your next visit:
ask-title-day = Your questions for your visit on { $day }:
ask-none = You have no questions for your next visit yet. When one comes up, send it to me and I keep it for you.
ask-how = You can do it in one go: /ask Can I drive the next day?
ask-full = You have { $n } questions. That is the most I can keep. Mark some as asked, or remove some.
ask-add = Add a question
ask-ready = Get ready for the visit
ask-prompt = What do you want to ask? Write one question and send it. No one reads it right now. If you need help, tap { key-help }.
ask-kept = Kept.
ask-kept-long = Kept. It is a long one: I show the first { $most } letters. To make it shorter, edit your message.
ask-no-room = I could not keep this one. There is no room for more questions.
ask-one = Question { $n } of { $count }
ask-edit = To change it, edit your message in this chat.
ask-asked = Asked it
ask-remove = Remove
ask-keep = Keep
