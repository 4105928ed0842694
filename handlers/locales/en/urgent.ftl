## Get help now. Texts from docs/clinical-review.md; they await review by a clinician.
## A card is shorter than 600 characters, so that it is read.

helpline-or = { $first } or { $second }
helpline-or-local = { $number } or your local emergency number
helpline-call = call { $number }
helpline-call-or-text = call or text { $number }
helpline-say = text { $word } to { $number }
helpline-hours = { $way } ({ $hours })
helpline-directory = see { $place }
helpline-name = { $name }, { $hours }
helpline-row-call = Call { $number }
helpline-row-text = Text { $number }
helpline-row-say = Text { $word } to { $number }
helpline-row-whatsapp = WhatsApp { $number }

urgent-nobody = I am a program and nobody is reading this right now. I cannot call for help.
urgent-danger = If you are in danger, call { $emergency }.
urgent-danger-elsewhere = If you are in danger, call { $emergency } or your local emergency number.
urgent-talk = To talk to a person now:
urgent-directory = To find a person to talk to now: { $place }
urgent-clinic = Your clinic: { $clinic }
urgent-country = These numbers are for { $country }. If one does not work, call { $emergency }.
urgent-copy = Copy { $number }
urgent-chat = Chat with { $name }
urgent-more = More places
urgent-what = What happens if I call
urgent-elsewhere = I am in another country
urgent-which = Which country are you in now?
urgent-back = Back
urgent-called = What happens if you call? You may hear a short greeting. Then a trained person talks with you. You do not have to give your name. You choose what to share.
