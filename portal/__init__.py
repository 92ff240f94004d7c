"""Fieldhouse: a sales team's shared playbook."""
