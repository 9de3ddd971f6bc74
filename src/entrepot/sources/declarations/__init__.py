"""Customs declarations and bills of lading, by a mapping file."""
