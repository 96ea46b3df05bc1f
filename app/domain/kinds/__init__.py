"""One noun a file: the payload schemas of its operations and, beside each, its rule."""
