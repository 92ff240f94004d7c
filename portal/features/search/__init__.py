"""Search: the page of results, and the same rows under the bar while typing."""
