"""What comes back from the exchange system (SdI), and how files travel there and back."""
