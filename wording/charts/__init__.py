"""How charts are read, whatever draws them: colours, units of axes, ticks, names beside lines."""
