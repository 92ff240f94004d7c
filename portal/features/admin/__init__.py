"""Running the portal: people, places, vocabularies, settings, jobs, mails, and the audit log."""
