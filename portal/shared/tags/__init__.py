"""Tags and vocabularies: free words with a kind, and the editable lists of stages, categories and tag kinds."""
