"""The company's word list: words that mean the same to a search, kept by managers and tried out before they count."""
