"""Floor 2: what people visit; features never import each other."""
