"""Floor 0: what any web application needs; knows no feature and no word of sales."""
