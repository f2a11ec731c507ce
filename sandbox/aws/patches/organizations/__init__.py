"""Organizations: policies, accounts and delegated administrators."""
