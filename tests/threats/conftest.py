"""The application of the pages' tests, and the databases of the store's: for the rows about them."""

from tests.pages.conftest import app, browser, demo, entry
from tests.stores import database_url

__all__ = ["app", "browser", "database_url", "demo", "entry"]
