"""Files of other programs, read as they were written: nothing in them is executed or believed."""
