"""What every list and form of every module must be able to do."""
