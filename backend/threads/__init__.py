"""What happens by itself: threads that look every few seconds."""
