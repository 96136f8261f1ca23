"""What crosses the wire: JSON of the values, problem documents, the description of the API."""
