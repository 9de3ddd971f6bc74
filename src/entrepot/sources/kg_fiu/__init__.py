"""The national list of the Financial Intelligence Service of Kyrgyzstan."""
