"""Qt building blocks that all modules share. No SQL here: data comes through `Background`, as records."""
