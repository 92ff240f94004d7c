"""The own account: signing in and out, invitations, passwords, and where one is signed in."""
