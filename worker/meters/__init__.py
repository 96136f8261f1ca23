"""What is read of a run between its steps; none of it changes what is trained."""
