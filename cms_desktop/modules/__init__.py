"""The modules, all alike inside. A module looks at another only downwards and only through queries, actions and records."""
