"""Copies of the whole database: made while work goes on, whole or not there, put back by hand."""
