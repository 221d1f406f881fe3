"""Forms and pages of Gestione Clienti."""
