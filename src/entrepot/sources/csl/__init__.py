"""The US Consolidated Screening List and the Denied Persons List of the Bureau of Industry and Security."""
