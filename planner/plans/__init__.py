"""What a pilot would do, take and cost, before it is started."""
