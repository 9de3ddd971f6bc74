"""The Russian customs service."""
