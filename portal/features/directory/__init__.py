"""Who works here and where: people, departments and teams."""
