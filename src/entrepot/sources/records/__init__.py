"""A user's own tables of persons, companies, ownership and directorship."""
