"""Files in the FollowTheMoney formats of OpenSanctions and others."""
