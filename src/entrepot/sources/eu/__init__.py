"""The EU consolidated list of financial sanctions (FSF)."""
