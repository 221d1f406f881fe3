"""The page of tasks: notes with an executor, mine and those I gave to others."""
