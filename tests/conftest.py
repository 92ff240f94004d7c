"""The test ground: fixtures live in `tests/plugins/`, one file a thing."""

pytest_plugins = [
    "pytester",
    "tests.plugins.left_out",
    "tests.plugins.network",
    "tests.plugins.properties",
    "tests.plugins.databases",
    "tests.plugins.statements",
    "tests.plugins.applications",
    "tests.plugins.browser",
]
