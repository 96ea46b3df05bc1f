"""SQLAlchemy tables, and nothing else in the project that knows SQL."""
