"""Playbooks: curated guides in Markdown, with sections that can be found and linked on their own."""
