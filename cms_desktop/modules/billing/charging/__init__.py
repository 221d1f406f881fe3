"""What is charged by use: hours, passages, interventions."""
