"""Writing: what helps whoever writes, such as the things that [[ and @ could mean."""
