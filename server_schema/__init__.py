"""The database of CMS Desktop as plain SQL, and the runner that deploys it."""
