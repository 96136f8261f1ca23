"""Line-ups: schedules of any number of pilots side by side, as far as they can be compared."""
