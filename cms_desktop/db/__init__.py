"""Connection, login, unit of work, notifications, errors. No Qt."""
