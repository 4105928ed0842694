"""Alembic's migrations of the database; storage.migrate runs them."""
