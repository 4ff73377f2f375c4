"""Measurements, each runnable by one command. What can be counted is a test besides; what is timed is none."""
