"""The few refusals. Each docstring says what the refusal means for the person."""


class Refusal(Exception):
    """The request makes no sense as it stands; nothing has changed."""


class BadQuestions(Refusal):
    """The question sets contradict themselves; the bot must not start with them."""


class UnknownZone(Refusal):
    """No IANA time zone has this name."""


class BadResources(Refusal):
    """The numbers to call in danger are not in order; the bot must not start with them."""


class BadCourses(Refusal):
    """The treatment schedules contradict themselves; the bot must not start with them."""


class BadSteps(Refusal):
    """The small steps contradict themselves; the bot must not start with them."""


class BadWording(Refusal):
    """The phrases that mean danger cannot be read; the bot must not start with them."""


class BadRules(Refusal):
    """The rules for guidance after answers contradict themselves; the bot must not start with them."""


class BadForms(Refusal):
    """The standard forms contradict themselves; the bot must not start with them."""
