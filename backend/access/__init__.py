"""Who may do what, and what is refused at the door."""
