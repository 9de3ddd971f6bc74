"""Annexes of EU regulations as tables of the Official Journal."""
