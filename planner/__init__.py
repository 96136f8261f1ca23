"""Pure thinking: schedules, statistics, money, projection and charts as data."""
