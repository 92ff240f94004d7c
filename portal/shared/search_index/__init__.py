"""Full-text search over documents of any kind: knows words, ranking and audiences, and not one table of the portal."""

from portal.shared.search_index.door import SearchEngine
from portal.shared.search_index.engine import SearchIndex
from portal.shared.search_index.records import Document, Found, Hit, IndexUnavailable, Query, Snippet, State

__all__ = ["Document", "Found", "Hit", "IndexUnavailable", "Query", "SearchEngine", "SearchIndex", "Snippet", "State"]
