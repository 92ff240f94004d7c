"""Measurements beside a floor; run by `make bench`, never by the test suite."""
