"""Pictures and papers: data in, bytes out."""
