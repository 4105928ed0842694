"""Writes the pages under docs/ that are made from data: python -m tests.docs.write."""

from collections.abc import Callable
from pathlib import Path

from bot.pages import clinical_review_page, questions_page

PAGES: dict[str, Callable[[], str]] = {
    "docs/questions.md": questions_page,
    "docs/clinical-review.md": clinical_review_page,
}

if __name__ == "__main__":
    for path, page in PAGES.items():
        (Path(__file__).parents[2] / path).write_text(page(), "utf-8")
