"""My screen is shared: one switch, after which no page shows what is for us alone."""
