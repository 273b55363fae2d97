"""One file per wire action, in a folder per API version: the index of the project."""
